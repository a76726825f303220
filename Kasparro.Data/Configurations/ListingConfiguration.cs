using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace Kasparro.Data.Configurations;

internal sealed class ListingConfiguration : IEntityTypeConfiguration<Listing>
{
    public void Configure(EntityTypeBuilder<Listing> builder)
    {
        builder.ToTable("listings");
        builder.Property(listing => listing.Volume24hUsd).HasColumnName("volume_24h_usd");
        builder.HasKey(listing => listing.ListingId);
        builder.Property(listing => listing.ListingId).ValueGeneratedNever();
        builder.HasIndex(listing => new { listing.Source, listing.ExternalId }).IsUnique();
        builder.HasIndex(listing => listing.AssetId);
        builder.HasIndex(listing => new { listing.MatchKey, listing.Source }).HasFilter("match_key IS NOT NULL");
        builder.HasIndex(listing => new { listing.SlugKey, listing.Source }).HasFilter("slug_key IS NOT NULL");
        builder.HasIndex(listing => new { listing.NameKey, listing.Source }).HasFilter("name_key IS NOT NULL");

        // The order of /data?source=: of all, and of those with one symbol.
        builder.HasIndex(listing => new { listing.Source, listing.MarketCapUsd, listing.AssetId, listing.ListingId })
            .IsDescending(false, true, false, false)
            .HasNullSortOrder(NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast, NullSortOrder.NullsLast);
        builder.HasIndex(listing => new { listing.SymbolKey, listing.Source });
    }
}
