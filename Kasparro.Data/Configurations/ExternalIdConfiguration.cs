using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class ExternalIdConfiguration : IEntityTypeConfiguration<ExternalId>
{
    public void Configure(EntityTypeBuilder<ExternalId> builder)
    {
        builder.ToTable("external_ids");
        builder.HasKey(id => new { id.Vocabulary, id.Value, id.ListingId });
        builder.HasIndex(id => id.ListingId);
        builder.HasIndex(id => id.FileName);
    }
}
