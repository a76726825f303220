using Kasparro.Api.Postgres;

namespace Kasparro.Api.Vendors;

/// <summary>Reads the sums of the active assets.</summary>
internal sealed class GlobalReader(MarketReader markets)
{
    /// <summary>Changes are those of the largest assets, which make nearly all of the sums.</summary>
    private const int Largest = 250;

    // No amount is as large as 1e300. PostgreSQL's doubles include NaN and the infinities, which would make the sum one of them, and two
    // of 1e308 have a sum that none can hold: an error.
    private const string SumsSql = """
        SELECT count(*), coalesce(sum(market_cap_usd) FILTER (WHERE market_cap_usd BETWEEN -1e300 AND 1e300), 0),
               coalesce(sum(volume_24h_usd) FILTER (WHERE volume_24h_usd BETWEEN -1e300 AND 1e300), 0), max(updated_at)
        FROM assets WHERE is_active
        """;

    /// <summary>Reads them.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<GlobalMarket> ReadAsync(string source)
    {
        // In this order: where a commit comes between the two, the page is of the older state, and is not kept.
        var largest = await markets.ReadAsync(new MarketSelection(source, IsMirror: false) { Limit = Largest, Windows = [PastWindow.Day] });
        var sums = (await markets.ReadAsync(_ => SumsSql, row => (
            Count: row.GetInt64(0), MarketCap: row.GetDouble(1), Volume: row.GetDouble(2), At: row.GetFieldValue<DateTime?>(3)))).Rows[0];
        return new(sums.Count, sums.MarketCap, sums.Volume, sums.At, largest);
    }
}

/// <summary>The sums of the active assets, in US dollars.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="MarketCap">Their market capitalisations.</param>
/// <param name="Volume">Their volumes of 24 hours.</param>
/// <param name="UpdatedAt">When the newest of their values was true, UTC.</param>
/// <param name="Largest">The largest, with their quotes of a day before.</param>
internal sealed record GlobalMarket(long Count, double MarketCap, double Volume, DateTime? UpdatedAt, MarketPage Largest)
{
    /// <summary>The change of the market capitalisation over a day, in per cent; null where the past is not known.</summary>
    public double? MarketCapChange => Change(row => (row.MarketCap, row.Past[0].MarketCap));

    /// <summary>The change of the volume over a day, in per cent; null where the past is not known.</summary>
    public double? VolumeChange => Change(row => (row.Volume, row.Past[0].Volume));

    /// <summary>The part of the whole market capitalisation that an asset has, in per cent; null where it is not known.</summary>
    public double? GetShare(MarketRow row) => MarketCap > 0 ? NumberColumns.Finite(row.MarketCap / MarketCap * 100) : null;

    private double? Change(Func<MarketRow, (double? Now, double? Past)> amounts)
    {
        var known = Largest.Rows.Where(row => row.Past.Count > 0).Select(amounts)
            .Where(pair => pair is { Now: not null, Past: not null }).ToList();
        var past = known.Sum(pair => pair.Past!.Value);
        return past > 0 ? NumberColumns.Finite((known.Sum(pair => pair.Now!.Value) - past) / past * 100) : null;
    }
}
