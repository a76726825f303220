using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class AssetPlatformConfiguration : IEntityTypeConfiguration<AssetPlatform>
{
    public void Configure(EntityTypeBuilder<AssetPlatform> builder)
    {
        builder.ToTable("asset_platforms");
        builder.HasKey(contract => new { contract.ListingId, contract.Platform, contract.Address });
        builder.HasIndex(contract => new { contract.Address, contract.Platform });
    }
}
