using Kasparro.Api.Postgres;

namespace Kasparro.Api.Vendors;

/// <summary>Reads the sums of the active assets.</summary>
internal sealed class GlobalReader(MarketReader markets)
{
    /// <summary>The number of largest assets that changes are based on; they make up nearly all of the sums.</summary>
    private const int Largest = 250;

    // No real amount is as large as 1e300. PostgreSQL's doubles include NaN and the infinities, which would carry over to the sum, and the
    // sum of two values of 1e308 overflows, which is an error.
    private const string SumsSql = """
        SELECT count(*), coalesce(sum(market_cap_usd) FILTER (WHERE market_cap_usd BETWEEN -1e300 AND 1e300), 0),
               coalesce(sum(volume_24h_usd) FILTER (WHERE volume_24h_usd BETWEEN -1e300 AND 1e300), 0), max(updated_at)
        FROM assets WHERE is_active
        """;

    /// <summary>Reads the sums, and the largest assets of a source.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<GlobalMarket> ReadAsync(string source)
    {
        // In this order: if a commit comes between the two, the page has the stamp of the older state and is not cached.
        var largest = await markets.ReadAsync(new MarketSelection(source, IsMirror: false) { Limit = Largest, Windows = [PastWindow.Day] });
        var sums = (await markets.ReadAsync(_ => SumsSql, row => (
            Count: row.GetInt64(0), MarketCap: row.GetDouble(1), Volume: row.GetDouble(2), At: row.GetFieldValue<DateTime?>(3)))).Rows[0];
        return new(sums.Count, sums.MarketCap, sums.Volume, sums.At, largest);
    }
}

/// <summary>The sums of the active assets, in US dollars.</summary>
/// <param name="Count">The number of assets.</param>
/// <param name="MarketCap">The sum of the market capitalisations.</param>
/// <param name="Volume">The sum of the volumes of 24 hours.</param>
/// <param name="UpdatedAt">The time of the newest value, UTC.</param>
/// <param name="Largest">The largest assets, with their quotes of a day before.</param>
internal sealed record GlobalMarket(long Count, double MarketCap, double Volume, DateTime? UpdatedAt, MarketPage Largest)
{
    /// <summary>The change of the market capitalisation over a day, in per cent; null if the past values are not known.</summary>
    public double? MarketCapChange => Change(row => (row.MarketCap, row.Past[0].MarketCap));

    /// <summary>The change of the volume over a day, in per cent; null if the past values are not known.</summary>
    public double? VolumeChange => Change(row => (row.Volume, row.Past[0].Volume));

    /// <summary>Gets an asset's share of the whole market capitalisation, in per cent; null if it is not known.</summary>
    public double? GetShare(MarketRow row) => MarketCap > 0 ? NumberColumns.Finite(row.MarketCap / MarketCap * 100) : null;

    private double? Change(Func<MarketRow, (double? Now, double? Past)> amounts)
    {
        var known = Largest.Rows.Where(row => row.Past.Count > 0).Select(amounts)
            .Where(pair => pair is { Now: not null, Past: not null }).ToList();
        var past = known.Sum(pair => pair.Past!.Value);
        return past > 0 ? NumberColumns.Finite((known.Sum(pair => pair.Now!.Value) - past) / past * 100) : null;
    }
}
