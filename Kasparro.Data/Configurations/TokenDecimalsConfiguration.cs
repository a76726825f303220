using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class TokenDecimalsConfiguration : IEntityTypeConfiguration<TokenDecimals>
{
    public void Configure(EntityTypeBuilder<TokenDecimals> builder)
    {
        builder.ToTable("token_decimals");
        builder.HasKey(token => new { token.Platform, token.Address, token.FileName });
        builder.HasIndex(token => token.FileName);
    }
}
