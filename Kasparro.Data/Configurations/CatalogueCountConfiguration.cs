using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class CatalogueCountConfiguration : IEntityTypeConfiguration<CatalogueCount>
{
    public void Configure(EntityTypeBuilder<CatalogueCount> builder)
    {
        builder.ToTable("catalogue_counts");
        builder.HasKey(count => count.Scope);
        builder.HasData(
        [
            new CatalogueCount { Scope = CatalogueCount.AssetsScope },
            .. SourceNames.All.Select(source => new CatalogueCount { Scope = source }),
        ]);
    }
}
