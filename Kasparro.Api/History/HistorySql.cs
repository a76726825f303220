using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Npgsql;

namespace Kasparro.Api.History;

/// <summary>Statements that read histories.</summary>
internal static class HistorySql
{
    /// <summary>SQL: the condition for a valid price. PostgreSQL's doubles include NaN and the infinities.</summary>
    public const string IsPrice = "price_usd > '-infinity' AND price_usd < 'infinity'";

    private const string Coin = $"(SELECT asset_id FROM listings WHERE source = '{SourceNames.CoinGecko}' AND external_id = $3)";

    /// <summary>
    /// Reads the listings of assets, the best of each asset first: the listing whose values the asset shows, so that the chart and the
    /// price have the same source, then the others by the same rule. $1: the assets, $2: the only source, or null, $3: CoinGecko's id of a
    /// coin, or null. The coin's asset is included, with listings of any source. An asset without a listing has one row of nulls.
    /// </summary>
    public const string Listings = $"""
        SELECT a.asset_id, l.listing_id, l.source, a.asset_id = ANY($1), coalesce(a.asset_id = {Coin}, false), l.place
        FROM assets a
        LEFT JOIN LATERAL (
            SELECT listing_id, source, row_number() OVER (ORDER BY source <> a.source, {BestListing.Order}, external_id) AS place
            FROM (SELECT k.*, max({BestListing.QuoteTime}) OVER () AS newest FROM listings k WHERE k.asset_id = a.asset_id) AS listed
            WHERE $2 IS NULL OR source = $2 OR a.asset_id <> ALL ($1)) AS l ON true
        WHERE a.asset_id = ANY (array_append($1, {Coin}))
        ORDER BY a.asset_id, l.place
        """;

    /// <summary>Creates the statement <see cref="Listings"/> with its parameters.</summary>
    public static NpgsqlBatchCommand SelectListings(Guid[] assets, string? source, string? coin) =>
        new NpgsqlBatchCommand(Listings).With([assets, NullableParameters.Text(source), NullableParameters.Text(coin)]);

    // $1: listings, $2: the index of each listing's asset, $3 and $4: the start and the end, $5: the length, $6: an origin.
    private static string Best(string candles) => $"""
        SELECT DISTINCT ON (r.asset, c.begins)
               r.asset, r.place, c.begins, c.open, c.high, c.low, c.close, c.market_cap_usd, c.volume_24h_usd, c.quotes::bigint
        FROM ({candles}) AS c
        JOIN unnest($1::uuid[], $2::int[]) WITH ORDINALITY AS r (listing_id, asset, place) ON r.listing_id = c.listing_id
        ORDER BY r.asset, c.begins, r.place
        """;

    private const string OfQuotes = $"""
        SELECT listing_id, date_bin($5, quoted_at, $6) AS begins,
               (array_agg(price_usd ORDER BY quoted_at))[1] AS open, max(price_usd) AS high, min(price_usd) AS low,
               (array_agg(price_usd ORDER BY quoted_at DESC))[1] AS close,
               (array_agg(market_cap_usd ORDER BY quoted_at DESC))[1] AS market_cap_usd,
               (array_agg(volume_24h_usd ORDER BY quoted_at DESC))[1] AS volume_24h_usd, count(*) AS quotes
        FROM quotes
        WHERE listing_id = ANY ($1) AND quoted_at >= $3 AND quoted_at < $4 AND {IsPrice}
        GROUP BY listing_id, date_bin($5, quoted_at, $6)
        """;

    private static string OfShorter(string candles) => $"""
        SELECT listing_id, date_bin($5, begins, $6) AS begins,
               (array_agg(open ORDER BY begins))[1] AS open, max(high) AS high, min(low) AS low,
               (array_agg(close ORDER BY begins DESC))[1] AS close,
               (array_agg(market_cap_usd ORDER BY begins DESC))[1] AS market_cap_usd,
               (array_agg(volume_24h_usd ORDER BY begins DESC))[1] AS volume_24h_usd, sum(quotes) AS quotes
        FROM {candles} AS shorter
        GROUP BY listing_id, date_bin($5, begins, $6)
        """;

    private const string Hours = "hourly_candles_between($1, $3, $4)";
    private const string Days = "daily_candles_between($1, ($3 AT TIME ZONE 'UTC')::date, ($4 AT TIME ZONE 'UTC')::date)";

    /// <summary>Reads the candles of each asset: in each interval, those of its first listing that has any.</summary>
    public static string Candles(HistoryInterval interval) => Best(interval.Length.TotalHours switch
    {
        < 1 => OfQuotes,
        1 => $"SELECT * FROM {Hours}",
        < 24 => OfShorter(Hours),
        24 => $"SELECT * FROM {Days}",
        _ => OfShorter(Days),
    });
}
