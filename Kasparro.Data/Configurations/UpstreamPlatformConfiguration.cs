using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class UpstreamPlatformConfiguration : IEntityTypeConfiguration<UpstreamPlatform>
{
    public void Configure(EntityTypeBuilder<UpstreamPlatform> builder)
    {
        builder.ToTable("upstream_platforms");
        builder.HasKey(platform => new { platform.Source, platform.PlatformId });
        builder.HasIndex(platform => platform.ChainId);
    }
}
