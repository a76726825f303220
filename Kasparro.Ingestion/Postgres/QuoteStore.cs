using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>quotes</c>.</summary>
internal static class QuoteStore
{
    private const string QuoteColumns = "listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd, run_id";

    private const string UpsertSql = $"""
        INSERT INTO quotes ({QuoteColumns})
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::uuid[])
        ON CONFLICT (listing_id, quoted_at) DO UPDATE
        SET price_usd = excluded.price_usd, market_cap_usd = excluded.market_cap_usd, volume_24h_usd = excluded.volume_24h_usd,
            run_id = excluded.run_id
        """;

    /// <summary>Adds quotes of known listings. An upstream may correct a quote without moving its time: the later word counts.</summary>
    public static NpgsqlBatchCommand Upsert(IReadOnlyCollection<Quote> quotes) => new(UpsertSql)
    {
        Parameters =
        {
            Parameters.Column(quotes, quote => quote.ListingId, NpgsqlDbType.Uuid),
            Parameters.Column(quotes, quote => quote.QuotedAt, NpgsqlDbType.TimestampTz),
            Parameters.Column(quotes, quote => quote.PriceUsd, NpgsqlDbType.Double),
            Parameters.Column(quotes, quote => quote.MarketCapUsd, NpgsqlDbType.Double),
            Parameters.Column(quotes, quote => quote.Volume24hUsd, NpgsqlDbType.Double),
            Parameters.Column(quotes, quote => quote.RunId, NpgsqlDbType.Uuid),
        },
    };

    /// <summary>COPYs quotes of new listings: none can be there yet.</summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken)
    {
        if (quotes.Count == 0)
        {
            return;
        }

        await using var copy = await BinaryCopyWriter.BeginAsync(connection, "quotes", QuoteColumns, cancellationToken);
        foreach (var quote in quotes)
        {
            copy.StartRow();
            copy.Add(quote.ListingId);
            copy.Add(quote.QuotedAt);
            copy.Add(quote.PriceUsd);
            copy.Add(quote.MarketCapUsd);
            copy.Add(quote.Volume24hUsd);
            copy.Add(quote.RunId);
            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
