using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class BackfillConfiguration : IEntityTypeConfiguration<Backfill>
{
    public void Configure(EntityTypeBuilder<Backfill> builder)
    {
        builder.ToTable("backfills");
        builder.HasKey(backfill => backfill.BackfillId);
        builder.Property(backfill => backfill.BackfillId).ValueGeneratedNever();
        builder.Property(backfill => backfill.TraceParent).HasMaxLength(55); // The length of version 00 of the header.

        // At most one for the first start, and one for each gap.
        builder.HasIndex(backfill => backfill.Origin).IsUnique().HasFilter($"origin = '{BackfillOrigin.FirstStart}'");
        builder.HasIndex(backfill => new { backfill.Source, backfill.StartsAt }).IsUnique().HasFilter($"origin = '{BackfillOrigin.Gap}'");
    }
}
