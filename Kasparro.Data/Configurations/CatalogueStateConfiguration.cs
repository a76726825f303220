using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class CatalogueStateConfiguration : IEntityTypeConfiguration<CatalogueState>
{
    public void Configure(EntityTypeBuilder<CatalogueState> builder)
    {
        builder.ToTable("catalogue_state", table => table.HasCheckConstraint("ck_catalogue_state_one_row", "id = 1"));
        builder.Property(state => state.Id).ValueGeneratedNever();

        // Signs the API's cursors. Random, created with the row; a shadow property, since no entity needs it.
        builder.Property<byte[]>("CursorKey").IsRequired()
            .HasDefaultValueSql("uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())");
        builder.HasData(new CatalogueState { Id = 1, Version = 0, ChangedAt = DateTimeOffset.UnixEpoch });
    }
}
