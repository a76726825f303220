using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class IngestionRunConfiguration : IEntityTypeConfiguration<IngestionRun>
{
    public void Configure(EntityTypeBuilder<IngestionRun> builder)
    {
        builder.ToTable("ingestion_runs");
        builder.HasKey(run => run.RunId);
        builder.Property(run => run.RunId).ValueGeneratedNever();
        builder.HasIndex(run => new { run.Source, run.StartedAt }).IsDescending(false, true);

        // One ingestion's runs, for whoever ordered it.
        builder.HasIndex(run => run.IngestionId);

        // Unique over the one value it admits: no two runs are ever active, whatever happens to locks.
        builder.HasIndex(run => run.Status).IsUnique().HasFilter($"status = '{RunStatus.Running}'");
    }
}
