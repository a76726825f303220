using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class PriceComparisonConfiguration : IEntityTypeConfiguration<PriceComparison>
{
    public void Configure(EntityTypeBuilder<PriceComparison> builder)
    {
        builder.ToTable("price_comparisons");
        builder.HasKey(comparison => new { comparison.ListingId, comparison.OtherId });
        builder.HasIndex(comparison => comparison.OtherId);
    }
}
