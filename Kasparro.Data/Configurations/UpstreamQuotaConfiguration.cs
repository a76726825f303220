using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class UpstreamQuotaConfiguration : IEntityTypeConfiguration<UpstreamQuota>
{
    public void Configure(EntityTypeBuilder<UpstreamQuota> builder)
    {
        builder.ToTable("upstream_quotas");
        builder.HasKey(quota => new { quota.Source, quota.Month });
    }
}
