using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class IdentityOverrideConfiguration : IEntityTypeConfiguration<IdentityOverride>
{
    public void Configure(EntityTypeBuilder<IdentityOverride> builder)
    {
        builder.ToTable("identity_overrides");
        builder.HasKey(pair => new { pair.ListingId, pair.OtherId });
        builder.Property(pair => pair.Origin).HasDefaultValue(IdentityOverride.FromFile);
    }
}
