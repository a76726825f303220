using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class AssetRedirectConfiguration : IEntityTypeConfiguration<AssetRedirect>
{
    public void Configure(EntityTypeBuilder<AssetRedirect> builder)
    {
        builder.ToTable("asset_redirects");
        builder.HasKey(redirect => redirect.AssetId);
        builder.Property(redirect => redirect.AssetId).ValueGeneratedNever();
        builder.HasIndex(redirect => redirect.MergedInto);
    }
}
