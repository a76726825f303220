using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class TokenListConfiguration : IEntityTypeConfiguration<TokenList>
{
    public void Configure(EntityTypeBuilder<TokenList> builder)
    {
        builder.ToTable("token_lists");
        builder.HasKey(list => list.ChainId);
        builder.Property(list => list.ChainId).ValueGeneratedNever();
        builder.HasIndex(list => list.Platform).IsUnique();
    }
}
