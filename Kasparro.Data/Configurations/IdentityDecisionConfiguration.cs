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
        builder.HasIndex(decision => decision.Reason).HasFilter("reason IS NOT NULL");
        builder.Property(decision => decision.Evidence).HasColumnType("jsonb");
    }
}
