using Kasparro.Api.Postgres;
using Kasparro.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Quality;

/// <summary>
/// Measures the catalogue's quality, at most once per <see cref="Lifetime"/> and one measurement at a time, since each reads every active
/// listing.
/// </summary>
internal sealed class DataQualityReader(
    NpgsqlDataSource dataSource, CatalogueDeadline deadline, IOptions<ApiOptions> options, TimeProvider time)
{
    /// <summary>The largest ratio of two sources' prices for one asset that does not count as divergent.</summary>
    public const double MaxRatio = 1.05;

    private const int Examples = 20;

    private const string SourcesSql = """
        SELECT l.source, count(*), count(*) FILTER (WHERE l.quoted_at < $1),
               avg((l.price_usd IS NULL)::int)::float8, avg((l.market_cap_usd IS NULL)::int)::float8,
               avg((l.volume_24h_usd IS NULL)::int)::float8, avg((l.rank IS NULL)::int)::float8,
               count(*) - count(DISTINCT l.asset_id), avg((a.sources = 1)::int)::float8
        FROM listings AS l
        JOIN (SELECT asset_id, count(DISTINCT source) AS sources FROM listings WHERE is_active GROUP BY asset_id) AS a USING (asset_id)
        WHERE l.is_active
        GROUP BY l.source
        """;

    // Prices are compared by their logarithms: a quotient or product of two doubles can exceed the range of a double, which PostgreSQL
    // rejects with 22003.
    private const string DivergencesSql = """
        WITH spread AS (
            SELECT asset_id, min(price_usd) AS lowest, max(price_usd) AS highest, ln(max(price_usd)) - ln(min(price_usd)) AS distance
            FROM listings WHERE is_active AND price_usd > 0 AND price_usd < 'infinity'
            GROUP BY asset_id HAVING count(DISTINCT source) > 1),
        counts AS (SELECT count(*) AS compared, count(*) FILTER (WHERE distance > ln($1)) AS divergent FROM spread)
        SELECT c.compared, c.divergent, worst.*
        FROM counts AS c
        LEFT JOIN LATERAL (
            SELECT s.asset_id, a.symbol, s.lowest, s.highest FROM spread AS s JOIN assets AS a USING (asset_id)
            WHERE s.distance > ln($1) ORDER BY s.distance DESC, s.asset_id LIMIT $2) AS worst ON true
        """;

    /// <summary>How long a measurement is reused.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The age beyond which a price is stale: the upstreams refresh every 5–10 minutes, and thinly traded coins within the hour.
    /// </summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromHours(24);

    private readonly Lock _gate = new();
    private Task<DataQualityResponse>? _newest;
    private long _newestSince;

    /// <summary>Returns the newest measurement.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<DataQualityResponse> ReadAsync(CancellationToken cancellationToken) =>
        deadline.RunAsync(_ => GetNewestAsync(), cancellationToken);

    // A measurement that nobody awaits any more still runs in Postgres, so the next request joins it instead of starting a second one.
    private Task<DataQualityResponse> GetNewestAsync()
    {
        lock (_gate)
        {
            if (_newest is { IsCompleted: false }
                || (_newest is { IsCompletedSuccessfully: true } && time.GetElapsedTime(_newestSince) < Lifetime))
            {
                return _newest;
            }

            _newestSince = time.GetTimestamp();
            return _newest = MeasureAsync();
        }
    }

    private async Task<DataQualityResponse> MeasureAsync()
    {
        using var timeout = new CancellationTokenSource(options.Value.DatabaseTimeout, time);
        var now = time.GetUtcNow();
        var sources = await dataSource.QueryAsync(SourcesSql, [now - StaleAfter], ReadSource, timeout.Token);
        var spreads = await dataSource.QueryAsync(DivergencesSql, [MaxRatio, Examples], ReadSpread, timeout.Token);
        return new(
            now.UtcDateTime,
            StaleAfter.TotalHours,
            SourceNames.All.ToDictionary(
                name => name, name => sources.Find(source => source.Name == name).Quality ?? SourceQuality.Empty, StringComparer.Ordinal),
            new(
                MaxRatio, spreads[0].Compared, spreads[0].Divergent,
                [.. spreads.Select(spread => spread.Example).OfType<PriceDivergence>()]));
    }

    private static (string Name, SourceQuality Quality) ReadSource(NpgsqlDataReader row) => (row.GetString(0), new(
        row.GetInt64(1), row.GetInt64(2), new(row.GetDouble(3), row.GetDouble(4), row.GetDouble(5), row.GetDouble(6)), row.GetInt64(7),
        row.GetDouble(8)));

    private static (long Compared, long Divergent, PriceDivergence? Example) ReadSpread(NpgsqlDataReader row) => (
        row.GetInt64(0), row.GetInt64(1), row.IsDBNull(2) ? null : new(
            row.GetGuid(2), row.GetString(3), row.GetDouble(4), row.GetDouble(5), PriceRatio.From(row.GetDouble(4), row.GetDouble(5))));
}
