using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class IngestionLeaseConfiguration : IEntityTypeConfiguration<IngestionLease>
{
    public void Configure(EntityTypeBuilder<IngestionLease> builder)
    {
        builder.ToTable("ingestion_lease", table => table.HasCheckConstraint("ck_ingestion_lease_one_row", "id = 1"));
        builder.Property(lease => lease.Id).ValueGeneratedNever();
        builder.HasData(new IngestionLease { Id = 1 });
    }
}
