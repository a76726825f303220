using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class IdentityOverrideChangeConfiguration : IEntityTypeConfiguration<IdentityOverrideChange>
{
    public void Configure(EntityTypeBuilder<IdentityOverrideChange> builder)
    {
        builder.ToTable("identity_override_changes");
        builder.HasKey(change => change.ChangeId);
        builder.Property(change => change.ChangeId).UseIdentityAlwaysColumn();
        builder.HasIndex(change => new { change.ListingId, change.OtherId, change.ChangeId }).IsDescending(false, false, true);
    }
}
