using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class RejectedRecordConfiguration : IEntityTypeConfiguration<RejectedRecord>
{
    public void Configure(EntityTypeBuilder<RejectedRecord> builder)
    {
        builder.ToTable("rejected_records");
        builder.HasKey(record => new { record.Source, record.Stream, record.Fingerprint });
        builder.HasIndex(record => record.RunId);
    }
}
