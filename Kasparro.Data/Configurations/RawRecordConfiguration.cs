using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class RawRecordConfiguration : IEntityTypeConfiguration<RawRecord>
{
    public void Configure(EntityTypeBuilder<RawRecord> builder)
    {
        // Partitioned: Schema/partitions.sql creates it.
        builder.ToTable("raw_records", table => table.ExcludeFromMigrations());
        builder.HasKey(record => new { record.ListingId, record.FetchedAt, record.Stream });
        builder.Property(record => record.Payload).HasColumnType("jsonb");
    }
}
