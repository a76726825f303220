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

        // A run begins without them.
        builder.Property(run => run.Quoted).HasDefaultValue(0L);
        builder.Property(run => run.Priced).HasDefaultValue(0L);
        builder.Property(run => run.WithMarketCap).HasDefaultValue(0L);
        builder.Property(run => run.WithVolume).HasDefaultValue(0L);
        builder.Property(run => run.PositivePrices).HasDefaultValue(0L);
        builder.Property(run => run.LogPriceSum).HasDefaultValue(0.0);
        builder.HasIndex(run => new { run.Source, run.StartedAt }).IsDescending(false, true);

        // A source's last run: tokens only grow, while clocks step.
        builder.HasIndex(run => new { run.Source, run.FencingToken }).IsDescending(false, true);

        // The runs of one ingestion, by the id that its order was given.
        builder.HasIndex(run => run.IngestionId);

        // Runs whose quotes no candle has yet: hardly ever any.
        builder.HasIndex(run => run.QuotesFrom).HasFilter("rolled_up_at IS NULL AND quotes_from IS NOT NULL")
            .HasDatabaseName("ix_ingestion_runs_to_roll_up");

        // Unique over the one value it admits: no two runs are ever active, regardless of locks.
        builder.HasIndex(run => run.Status).IsUnique().HasFilter($"status = '{RunStatus.Running}'");
    }
}
