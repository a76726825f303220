using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Sources;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

/// <summary>The append-only tables: <c>raw_records</c> and <c>quotes</c>.</summary>
internal static class HistoryTables
{
    private const string QuoteColumns = "listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd, run_id";

    private const string UpsertSql = $"""
        INSERT INTO quotes ({QuoteColumns})
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::float8[], $4::float8[], $5::float8[], $6::uuid[])
        ON CONFLICT (listing_id, quoted_at) DO UPDATE
        SET price_usd = excluded.price_usd, market_cap_usd = excluded.market_cap_usd, volume_24h_usd = excluded.volume_24h_usd,
            run_id = excluded.run_id
        """;

    /// <summary>COPYs the records that a page brings new or changed, by listing.</summary>
    public static async Task InsertRawAsync(
        NpgsqlConnection connection,
        PageChanges changes,
        IReadOnlyCollection<KeyValuePair<Guid, SourceRecord>> records,
        CancellationToken cancellationToken)
    {
        await using var copy = await RowCopy.BeginAsync(
            connection, "raw_records", "listing_id, fetched_at, stream, content_hash, run_id, payload", cancellationToken);
        foreach (var (listingId, record) in records)
        {
            copy.StartRow();
            copy.Add(listingId);
            copy.Add(changes.FetchedAt);
            copy.Add(changes.Stream);
            copy.Add(record.ContentHash);
            copy.Add(changes.Run.RunId);
            copy.AddJson(record.Payload.Span);
            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    /// <summary>Adds quotes of known listings. An upstream may correct a quote without moving its time: the later word counts.</summary>
    public static NpgsqlBatchCommand Upsert(IReadOnlyCollection<Quote> quotes) => new(UpsertSql)
    {
        Parameters =
        {
            ArrayParameter.Of(quotes, quote => quote.ListingId, NpgsqlDbType.Uuid),
            ArrayParameter.Of(quotes, quote => quote.QuotedAt, NpgsqlDbType.TimestampTz),
            ArrayParameter.Of(quotes, quote => quote.PriceUsd, NpgsqlDbType.Double),
            ArrayParameter.Of(quotes, quote => quote.MarketCapUsd, NpgsqlDbType.Double),
            ArrayParameter.Of(quotes, quote => quote.Volume24hUsd, NpgsqlDbType.Double),
            ArrayParameter.Of(quotes, quote => quote.RunId, NpgsqlDbType.Uuid),
        },
    };

    /// <summary>COPYs quotes of new listings: none can be there yet.</summary>
    public static async Task InsertQuotesAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken)
    {
        if (quotes.Count == 0)
        {
            return;
        }

        await using var copy = await RowCopy.BeginAsync(connection, "quotes", QuoteColumns, cancellationToken);
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
