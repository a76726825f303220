using Kasparro.Data;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Export;

/// <summary>
/// Reads the candles of an export part by part (a month of days, a day of hours), so that PostgreSQL sorts only one part at a time.
/// </summary>
internal static class HistoryExportSql
{
    private static readonly string Days = Statement(
        "1 month", "daily_candles_between(NULL, part.begins::date, (part.begins + interval '1 month')::date)");

    private static readonly string Hours = Statement(
        "1 day",
        "hourly_candles_between(NULL, part.begins AT TIME ZONE 'UTC', (part.begins + interval '1 day') AT TIME ZONE 'UTC')");

    /// <summary>Creates the statement for a request.</summary>
    /// <param name="isHourly">Whether the candles cover hours rather than days.</param>
    /// <param name="month">The only month; null for all.</param>
    /// <param name="source">The only source; null for all.</param>
    public static NpgsqlBatchCommand For(bool isHourly, DateOnly? month, string? source) =>
        new NpgsqlBatchCommand(isHourly ? Hours : Days)
            .With([NullableParameters.From(month, NpgsqlDbType.Date), NullableParameters.Text(source)]);

    private static string Statement(string step, string candles) => $"""
        SELECT candles.*
        FROM (SELECT coalesce($1, least((SELECT min(month) FROM daily_candles), date_trunc('month', now() AT TIME ZONE 'UTC')::date))
                     AS first,
                     coalesce($1, date_trunc('month', now() AT TIME ZONE 'UTC')) + interval '1 month' AS until) AS whole
        CROSS JOIN LATERAL generate_series(whole.first::timestamp, whole.until - interval '1 day', interval '{step}') AS part (begins)
        CROSS JOIN LATERAL (
            SELECT l.asset_id, l.source, l.external_id, c.begins, c.open, c.high, c.low, c.close, c.volume_24h_usd, c.market_cap_usd,
                   c.quotes::int
            FROM {candles} AS c JOIN listings l ON l.listing_id = c.listing_id
            WHERE $2 IS NULL OR l.source = $2
            ORDER BY l.asset_id, l.listing_id, c.begins) AS candles
        """;
}
