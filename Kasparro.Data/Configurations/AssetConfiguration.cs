using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Kasparro.Data.Configurations;

internal sealed class AssetConfiguration : IEntityTypeConfiguration<Asset>
{
    public void Configure(EntityTypeBuilder<Asset> builder)
    {
        builder.ToTable("assets");
        builder.Property(asset => asset.Volume24hUsd).HasColumnName("volume_24h_usd");
        builder.HasKey(asset => asset.AssetId);
        builder.Property(asset => asset.AssetId).ValueGeneratedNever();

        // The order of /data, which shows active assets: of all, and of those with one symbol.
        builder.HasIndex(asset => new { asset.MarketCapUsd, asset.AssetId })
            .IsDescending(true, false).HasNullSortOrder(NullSortOrder.NullsLast, NullSortOrder.NullsLast).HasFilter("is_active");
        builder.HasIndex(asset => new { asset.SymbolKey, asset.MarketCapUsd, asset.AssetId })
            .IsDescending(false, true, false).HasNullSortOrder(NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast)
            .HasFilter("is_active");
    }
}
