using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class LogoConfiguration : IEntityTypeConfiguration<Logo>
{
    public void Configure(EntityTypeBuilder<Logo> builder)
    {
        // A separate table: a listing's price changes all day, its logo hardly ever.
        builder.ToTable("logos");
        builder.HasKey(logo => logo.ListingId);
        builder.Property(logo => logo.ListingId).ValueGeneratedNever();
        builder.HasIndex(logo => logo.DueAt).HasFilter("due_at IS NOT NULL");
    }
}
