using Kasparro.Api.Assets;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.History;

/// <summary>Makes candles of one listing's quotes, in one snapshot of Postgres and one round trip.</summary>
internal sealed class HistoryReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    // The listing whose values the asset shows, so that the chart is of the same listing as the price; of another source, the one that
    // the same rule prefers. Prices of two listings do not mix.
    internal const string ListingSql = $"""
        SELECT listing_id, source
        FROM (SELECT l.*, max({BestListing.QuoteTime}) OVER () AS newest FROM listings l WHERE asset_id = $1) AS listed
        WHERE source = coalesce($2, (SELECT a.source FROM assets a WHERE a.asset_id = $1))
        ORDER BY {BestListing.Order}, external_id LIMIT 1
        """;

    private const string CandlesSql = $"""
        WITH listing AS MATERIALIZED ({ListingSql})
        SELECT date_bin($3, q.quoted_at, $4) AS begins,
               (array_agg(q.price_usd ORDER BY q.quoted_at))[1], max(q.price_usd), min(q.price_usd),
               (array_agg(q.price_usd ORDER BY q.quoted_at DESC))[1], count(*)
        FROM quotes q
        WHERE q.listing_id = (SELECT listing_id FROM listing) AND q.quoted_at >= $5 AND q.quoted_at < $6
          AND q.price_usd > '-infinity' AND q.price_usd < 'infinity'
        GROUP BY begins ORDER BY begins
        """;

    private const string ExistsSql = "SELECT 1 FROM assets WHERE asset_id = $1";

    /// <summary>Reads the candles; the result says what the id is where there are none to be read.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<HistoryAnswer> ReadAsync(HistoryQuery query, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(query, token), cancellationToken);

    private async Task<HistoryAnswer> QueryAsync(HistoryQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(DataSql.Begin),
                new(AssetReader.MovedSql) { Parameters = { new() { Value = query.AssetId } } },
                new(ExistsSql) { Parameters = { new() { Value = query.AssetId } } },
                new(ListingSql) { Parameters = { new() { Value = query.AssetId }, Source(query) } },
                new(CandlesSql)
                {
                    Parameters =
                    {
                        new() { Value = query.AssetId },
                        Source(query),
                        new() { Value = query.Interval.Length },
                        new() { Value = HistoryInterval.Origin },
                        new() { Value = query.From },
                        new() { Value = query.To },
                    },
                },
                new(DataSql.Commit),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var moved = await reader.ReadAsync(cancellationToken) ? AssetReader.ReadMoved(reader) : null;
        await reader.NextResultAsync(cancellationToken);
        var exists = await reader.ReadAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        if (!exists || !await reader.ReadAsync(cancellationToken))
        {
            return new(exists, exists ? null : moved, History: null);
        }

        var (listingId, source) = (reader.GetGuid(0), reader.GetString(1));
        await reader.NextResultAsync(cancellationToken);
        var candles = new List<Candle>();
        while (await reader.ReadAsync(cancellationToken))
        {
            candles.Add(new(
                reader.GetDateTime(0), reader.GetDouble(1), reader.GetDouble(2), reader.GetDouble(3), reader.GetDouble(4),
                reader.GetInt64(5)));
        }

        return new(true, null, new(query.AssetId, source, listingId, query.Interval.Name, query.From, query.To, candles));
    }

    private static NpgsqlParameter Source(HistoryQuery query) =>
        new() { Value = (object?)query.Source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}

/// <summary>What <c>/assets/{id}/history</c> found.</summary>
/// <param name="Exists">Whether there is such an asset; without a history, the source asked for does not list it.</param>
/// <param name="Moved">Where the id leads.</param>
/// <param name="History">The candles.</param>
internal sealed record HistoryAnswer(bool Exists, AssetMoved? Moved, HistoryResponse? History);
