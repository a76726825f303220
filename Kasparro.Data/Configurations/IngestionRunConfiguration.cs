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

        // Not set when a run begins.
        builder.Property(run => run.Quoted).HasDefaultValue(0L);
        builder.Property(run => run.Priced).HasDefaultValue(0L);
        builder.Property(run => run.WithMarketCap).HasDefaultValue(0L);
        builder.Property(run => run.WithVolume).HasDefaultValue(0L);
        builder.Property(run => run.PositivePrices).HasDefaultValue(0L);
        builder.Property(run => run.LogPriceSum).HasDefaultValue(0.0);
        builder.HasIndex(run => new { run.Source, run.StartedAt }).IsDescending(false, true);

        // Finds a source's last run: tokens only grow, whereas clocks may step back.
        builder.HasIndex(run => new { run.Source, run.FencingToken }).IsDescending(false, true);

        // Finds the runs of one ingestion, by the id of its order.
        builder.HasIndex(run => run.IngestionId);

        // Finds runs whose quotes are not in candles yet; there are hardly ever any.
        builder.HasIndex(run => run.QuotesFrom).HasFilter("rolled_up_at IS NULL AND quotes_from IS NOT NULL")
            .HasDatabaseName("ix_ingestion_runs_to_roll_up");

        // Unique over the only value it covers: two runs are never active at once, regardless of locks.
        builder.HasIndex(run => run.Status).IsUnique().HasFilter($"status = '{RunStatus.Running}'");
    }
}
