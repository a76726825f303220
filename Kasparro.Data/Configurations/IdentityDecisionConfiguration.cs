using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class IdentityDecisionConfiguration : IEntityTypeConfiguration<IdentityDecision>
{
    public void Configure(EntityTypeBuilder<IdentityDecision> builder)
    {
        builder.ToTable("identity_decisions");
        builder.HasKey(decision => new { decision.ListingId, decision.OtherId });
        builder.HasIndex(decision => decision.OtherId);

        // The order of /identity/conflicts. An asset's decisions are found by the asset's listings.
        builder.HasIndex(decision => new { decision.Confidence, decision.ListingId, decision.OtherId })
            .IsDescending(true, false, false).HasFilter("reason IS NOT NULL");
        builder.Property(decision => decision.Evidence).HasColumnType("jsonb");
    }
}
