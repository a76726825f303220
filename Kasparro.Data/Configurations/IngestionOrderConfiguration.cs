using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class IngestionOrderConfiguration : IEntityTypeConfiguration<IngestionOrder>
{
    /// <summary>Whether an order is waiting. The unique index covers only rows in which this is true, so it admits one.</summary>
    private const string IsWaiting = "IsWaiting";

    public void Configure(EntityTypeBuilder<IngestionOrder> builder)
    {
        builder.ToTable("ingestion_orders");
        builder.HasKey(order => order.IngestionId);
        builder.Property(order => order.IngestionId).ValueGeneratedNever();
        builder.Property(order => order.TraceParent).HasMaxLength(55); // The length of version 00 of the header.
        builder.Property<bool>(IsWaiting).HasComputedColumnSql("taken_at IS NULL", stored: true);
        builder.HasIndex(IsWaiting).IsUnique().HasFilter("is_waiting");
    }
}
