using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class ExchangeRateConfiguration : IEntityTypeConfiguration<ExchangeRate>
{
    public void Configure(EntityTypeBuilder<ExchangeRate> builder)
    {
        builder.ToTable("exchange_rates", table => table.HasCheckConstraint("ck_exchange_rates_positive",
            "per_bitcoin > 0 AND per_bitcoin < 'infinity'"));

        // By time first, as all rates of a reading are read together.
        builder.HasKey(rate => new { rate.QuotedAt, rate.Currency });
    }
}
