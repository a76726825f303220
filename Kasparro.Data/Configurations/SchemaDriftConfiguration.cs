using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class SchemaDriftConfiguration : IEntityTypeConfiguration<SchemaDrift>
{
    public void Configure(EntityTypeBuilder<SchemaDrift> builder)
    {
        builder.ToTable("schema_drifts");
        builder.HasKey(drift => new { drift.RunId, drift.Stream, drift.Path, drift.Kind });
        builder.HasIndex(drift => new { drift.Source, drift.DetectedAt }).IsDescending(false, true);
    }
}
