namespace Kasparro.Api.History;

/// <summary>Builds the part of a statement that finds the newest quote of a listing at a time.</summary>
internal static class QuoteAtSql
{
    /// <summary>Builds a query of at most one row: quoted_at, price_usd, market_cap_usd, volume_24h_usd and level.</summary>
    /// <param name="listing">SQL: the listing.</param>
    /// <param name="time">SQL: the time.</param>
    /// <param name="after">SQL: the time that the quote must be newer than.</param>
    // A level is read only if the finer one does not reach back. If its candle was not over at the time, its first price is used.
    public static string For(string listing, string time, string after) => $"""
        SELECT quoted_at, price_usd, market_cap_usd, volume_24h_usd, level FROM (
            (SELECT quoted_at, price_usd, market_cap_usd, volume_24h_usd, 'quotes' AS level
             FROM quotes
             WHERE listing_id = {listing} AND quoted_at <= {time} AND quoted_at > {after} AND {HistorySql.IsPrice}
             ORDER BY quoted_at DESC LIMIT 1)
            UNION ALL
            (SELECT CASE WHEN closed_at <= {time} THEN closed_at ELSE opened_at END,
                    CASE WHEN closed_at <= {time} THEN close ELSE open END,
                    CASE WHEN closed_at <= {time} THEN market_cap_usd END, CASE WHEN closed_at <= {time} THEN volume_24h_usd END,
                    'hours'
             FROM hourly_candles CROSS JOIN LATERAL (
                 SELECT hour + opened_ms * interval '1 ms' AS opened_at, hour + closed_ms * interval '1 ms' AS closed_at) AS times
             WHERE listing_id = {listing} AND hour <= {time} AND hour > {after} - interval '1 hour'
               AND {after} < (SELECT quotes_from FROM candle_state) AND opened_at <= {time} AND closed_at > {after}
             ORDER BY hour DESC LIMIT 1)
            UNION ALL
            (SELECT CASE WHEN closed_at <= {time} THEN closed_at ELSE opened_at END,
                    CASE WHEN closed_at <= {time} THEN close[n] ELSE open[n] END,
                    CASE WHEN closed_at <= {time} THEN market_cap_usd[n] END, CASE WHEN closed_at <= {time} THEN volume_24h_usd[n] END,
                    'days'
             FROM daily_candles CROSS JOIN LATERAL generate_series(1, cardinality(quotes)) AS n CROSS JOIN LATERAL (
                 SELECT (month + n - 1)::timestamp AT TIME ZONE 'UTC' AS day) AS days CROSS JOIN LATERAL (
                 SELECT day + opened_minute[n] * interval '1 minute' AS opened_at,
                        day + closed_minute[n] * interval '1 minute' AS closed_at) AS times
             WHERE listing_id = {listing} AND month <= {time} AT TIME ZONE 'UTC'
               AND month > {after} AT TIME ZONE 'UTC' - interval '1 month'
               AND {after} < (SELECT hours_from FROM candle_state) AND quotes[n] IS NOT NULL
               AND opened_at <= {time} AND closed_at > {after}
             ORDER BY month DESC, n DESC LIMIT 1)) AS levels
        ORDER BY quoted_at DESC LIMIT 1
        """;
}
