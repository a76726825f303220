using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class BackfillWindowConfiguration : IEntityTypeConfiguration<BackfillWindow>
{
    public void Configure(EntityTypeBuilder<BackfillWindow> builder)
    {
        builder.ToTable("backfill_windows");
        builder.HasKey(window => new { window.BackfillId, window.Position });
        builder.HasOne<Backfill>().WithMany().HasForeignKey(window => window.BackfillId).OnDelete(DeleteBehavior.Cascade);
        builder.Property(window => window.Attempts).HasDefaultValue(0);
        builder.Property(window => window.Points).HasDefaultValue(0);
        builder.Property(window => window.Written).HasDefaultValue(0);
        builder.Property(window => window.Dropped).HasDefaultValue(0);
    }
}
