using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>quotes</c>. Callers that write to it report the quotes' times to the run (<see cref="RunStore.Count"/>).</summary>
internal static class QuoteStore
{
    private static readonly ColumnMap<Quote> Columns = new ColumnMap<Quote>("quotes")
        .Uuid("listing_id", quote => quote.ListingId, isFixed: true)
        .Time("quoted_at", quote => quote.QuotedAt, isFixed: true)
        .Double("price_usd", quote => quote.PriceUsd)
        .Double("market_cap_usd", quote => quote.MarketCapUsd)
        .Double("volume_24h_usd", quote => quote.Volume24hUsd)
        .Uuid("run_id", quote => quote.RunId);

    private static readonly string UpsertSql = $"""
        INSERT INTO quotes AS q ({Columns.Names}) SELECT * FROM {Columns.Rows}
        ON CONFLICT (listing_id, quoted_at) DO UPDATE
        SET {string.Join(", ", Columns.Changing.Select(column => $"{column} = excluded.{column}"))}
        WHERE (q.price_usd, q.market_cap_usd, q.volume_24h_usd)
              IS DISTINCT FROM (excluded.price_usd, excluded.market_cap_usd, excluded.volume_24h_usd)
        RETURNING q.listing_id, q.quoted_at
        """;

    // Finds the listings with quotes between the first and the last of the new ones.
    private const string QuotedSql = """
        SELECT s.listing_id FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS s (listing_id, first, last)
        WHERE EXISTS (SELECT FROM quotes q WHERE q.listing_id = s.listing_id AND q.quoted_at >= s.first AND q.quoted_at <= s.last)
        """;

    /// <summary>
    /// Adds quotes of known listings. A source may correct a quote without changing its time; the later value counts. Quotes of listings
    /// without stored quotes in that time span are COPYed, which is twice as fast.
    /// </summary>
    /// <returns>The quotes that were new or had other values.</returns>
    public static async Task<HashSet<(Guid ListingId, DateTimeOffset QuotedAt)>> UpsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken)
    {
        var written = new HashSet<(Guid, DateTimeOffset)>();
        if (quotes.Count == 0)
        {
            return written;
        }

        var quoted = await ReadQuotedAsync(connection, quotes, cancellationToken);
        var (present, absent) = (new List<Quote>(), new List<Quote>(quotes.Count));
        foreach (var quote in quotes)
        {
            if (quoted.Contains(quote.ListingId))
            {
                present.Add(quote);
            }
            else
            {
                absent.Add(quote);
                written.Add((quote.ListingId, quote.QuotedAt));
            }
        }

        await Columns.CopyAsync(connection, absent, cancellationToken);
        await UpsertAsync(connection, present, written, cancellationToken);
        return written;
    }

    private static async Task UpsertAsync(
        NpgsqlConnection connection, List<Quote> quotes, HashSet<(Guid, DateTimeOffset)> written, CancellationToken cancellationToken)
    {
        if (quotes.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(UpsertSql, connection);
        foreach (var parameter in Columns.Parameters(quotes))
        {
            command.Parameters.Add(parameter);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            written.Add((reader.GetGuid(0), reader.GetFieldValue<DateTimeOffset>(1)));
        }
    }

    /// <summary>Reads which listings already have quotes in the time span of the given ones.</summary>
    private static async Task<HashSet<Guid>> ReadQuotedAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken)
    {
        var spans = new Dictionary<Guid, (DateTimeOffset First, DateTimeOffset Last)>();
        foreach (var quote in quotes)
        {
            var span = spans.GetValueOrDefault(quote.ListingId, (First: quote.QuotedAt, Last: quote.QuotedAt));
            spans[quote.ListingId] = (
                span.First < quote.QuotedAt ? span.First : quote.QuotedAt, span.Last > quote.QuotedAt ? span.Last : quote.QuotedAt);
        }

        await using var command = new NpgsqlCommand(QuotedSql, connection)
        {
            Parameters =
            {
                Parameters.Column(spans, span => span.Key, NpgsqlDbType.Uuid),
                Parameters.Column(spans, span => span.Value.First, NpgsqlDbType.TimestampTz),
                Parameters.Column(spans, span => span.Value.Last, NpgsqlDbType.TimestampTz),
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return [.. await reader.ReadAllAsync(row => row.GetGuid(0), cancellationToken)];
    }

    /// <summary>COPYs the quotes of new listings, which cannot have any yet.</summary>
    public static Task InsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Quote> quotes, CancellationToken cancellationToken) =>
        Columns.CopyAsync(connection, quotes, cancellationToken);
}
