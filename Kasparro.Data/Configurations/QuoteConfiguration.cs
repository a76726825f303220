using Kasparro.Data.Catalogue;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Kasparro.Data.Configurations;

internal sealed class QuoteConfiguration : IEntityTypeConfiguration<Quote>
{
    public void Configure(EntityTypeBuilder<Quote> builder)
    {
        // Partitioned: Schema/partitions.sql creates it.
        builder.ToTable("quotes", table => table.ExcludeFromMigrations());
        builder.Property(quote => quote.Volume24hUsd).HasColumnName("volume_24h_usd");
        builder.HasKey(quote => new { quote.ListingId, quote.QuotedAt });
    }
}
