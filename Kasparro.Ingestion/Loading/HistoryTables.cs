using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

/// <summary>The append-only tables: <c>raw_records</c> and <c>quotes</c>.</summary>
internal static class HistoryTables
{
    private const string QuoteColumns = "listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd, run_id";

    public static async Task InsertRawAsync(NpgsqlConnection connection, PageChanges changes, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY raw_records (listing_id, fetched_at, stream, content_hash, run_id, payload) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var (listingId, record) in changes.RawRecords)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(listingId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(changes.FetchedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(changes.Stream, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(record.ContentHash, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(changes.Run.RunId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(record.Payload, NpgsqlDbType.Jsonb, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    public static async Task InsertQuotesAsync(NpgsqlConnection connection, PageChanges changes, CancellationToken cancellationToken)
    {
        await CopyAsync(connection, "quotes", changes.Quotes, cancellationToken);
        if (changes.LaterQuotes.Count == 0)
        {
            return;
        }

        await using (var create = new NpgsqlCommand(
            "CREATE TEMPORARY TABLE IF NOT EXISTS staged_quotes (LIKE quotes) ON COMMIT DELETE ROWS", connection))
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        await CopyAsync(connection, "staged_quotes", changes.LaterQuotes, cancellationToken);

        // An upstream may correct a quote without moving its time: the later word counts.
        await using var merge = new NpgsqlCommand(
            $"""
            INSERT INTO quotes ({QuoteColumns}) SELECT {QuoteColumns} FROM staged_quotes
            ON CONFLICT (listing_id, quoted_at) DO UPDATE
            SET price_usd = excluded.price_usd, market_cap_usd = excluded.market_cap_usd, volume_24h_usd = excluded.volume_24h_usd,
                run_id = excluded.run_id
            """,
            connection);
        await merge.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection, string table, List<Quote> quotes, CancellationToken cancellationToken)
    {
        if (quotes.Count == 0)
        {
            return;
        }

        await using var copy = await connection.BeginBinaryImportAsync(
            $"COPY {table} ({QuoteColumns}) FROM STDIN (FORMAT BINARY)", cancellationToken);
        foreach (var quote in quotes)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(quote.ListingId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(quote.QuotedAt, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteOrNullAsync(quote.PriceUsd, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(quote.MarketCapUsd, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteOrNullAsync(quote.Volume24hUsd, NpgsqlDbType.Double, cancellationToken);
            await copy.WriteAsync(quote.RunId, NpgsqlDbType.Uuid, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}
