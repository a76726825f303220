using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class RawPageConfiguration : IEntityTypeConfiguration<RawPage>
{
    public void Configure(EntityTypeBuilder<RawPage> builder)
    {
        // Partitioned: Schema/partitions.sql creates it.
        builder.ToTable("raw_pages", table => table.ExcludeFromMigrations());
        builder.HasNoKey();
        builder.Property(page => page.Payload).HasColumnType("json");
    }
}
