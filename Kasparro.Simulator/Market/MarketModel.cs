using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>
/// Computes assets' prices: a pure function of the key and the time, so that any moment can be computed, including the past.
/// </summary>
internal static class MarketModel
{
    private const long Hour = 3_600;
    public const long Day = 24 * Hour;

    /// <summary>
    /// Gets the time of the price's last update, in Unix seconds; assets that hardly trade keep their price for many intervals.
    /// </summary>
    public static long UpdatedAt(SyntheticAsset asset, long interval, int intervalSeconds) =>
        (interval - (interval % asset.Market.Cadence)) * intervalSeconds;

    /// <summary>Computes the price at a second, in US dollars.</summary>
    public static double Price(SyntheticAsset asset, long second)
    {
        var wave = (0.55 * Noise.Wave(asset.Key, 101, second, 30 * Day))
            + (0.3 * Noise.Wave(asset.Key, 102, second, Day))
            + (0.15 * Noise.Wave(asset.Key, 103, second, Hour));
        return asset.Market.Price * (1 + (asset.Market.Swing * wave));
    }

    /// <summary>Computes the volume of the 24 hours before a second, in US dollars.</summary>
    public static double Volume(SyntheticAsset asset, long second)
    {
        var turnover = 0.001 + (0.15 * Noise.Unit(asset.Key, 104) * Noise.Unit(asset.Key, 104));
        return Price(asset, second) * asset.Market.Circulating * turnover * (1 + (0.4 * Noise.Wave(asset.Key, 105, second, 6 * Hour)));
    }

    /// <summary>Computes the change over the time before a second, in per cent.</summary>
    public static double Change(SyntheticAsset asset, long second, long over) =>
        100 * ((Price(asset, second) / Price(asset, second - over)) - 1);

    /// <summary>Computes the highest price ever, which is above all results of <see cref="Price"/>.</summary>
    public static double AllTimeHigh(SyntheticAsset asset) =>
        asset.Market.Price * (1 + asset.Market.Swing) * (1.05 + (20 * asset.Market.Swing * Noise.Unit(asset.Key, 106)));

    /// <summary>Computes the lowest price ever, which is below all results of <see cref="Price"/>.</summary>
    public static double AllTimeLow(SyntheticAsset asset) =>
        asset.Market.Price * (1 - asset.Market.Swing) * (0.001 + (0.9 * Noise.Unit(asset.Key, 107)));

    /// <summary>Computes a time in the asset's past, which is always the same for the same <paramref name="what"/>.</summary>
    public static DateTimeOffset PastDay(SyntheticAsset asset, ulong what) =>
        DateTimeOffset.UnixEpoch.AddSeconds(1_400_000_000 + (long)(Noise.Unit(asset.Key, 108, what) * 280_000_000));
}
