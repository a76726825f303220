using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>What an asset costs: a pure function of its key and the time, so that any moment can be asked for, also the past.</summary>
internal static class MarketModel
{
    private const long Hour = 3_600;
    public const long Day = 24 * Hour;

    /// <summary>When the asset's price was last updated, in UNIX seconds: hardly traded ones keep theirs for many intervals.</summary>
    public static long UpdatedAt(SyntheticAsset asset, long interval, int intervalSeconds) =>
        (interval - (interval % asset.Market.Cadence)) * intervalSeconds;

    /// <summary>US dollars at that second.</summary>
    public static double Price(SyntheticAsset asset, long second)
    {
        var wave = (0.55 * Noise.Wave(asset.Key, 101, second, 30 * Day))
            + (0.3 * Noise.Wave(asset.Key, 102, second, Day))
            + (0.15 * Noise.Wave(asset.Key, 103, second, Hour));
        return asset.Market.Price * (1 + (asset.Market.Swing * wave));
    }

    /// <summary>US dollars traded in the 24 hours before that second.</summary>
    public static double Volume(SyntheticAsset asset, long second)
    {
        var turnover = 0.001 + (0.15 * Noise.Unit(asset.Key, 104) * Noise.Unit(asset.Key, 104));
        return Price(asset, second) * asset.Market.Circulating * turnover * (1 + (0.4 * Noise.Wave(asset.Key, 105, second, 6 * Hour)));
    }

    /// <summary>The change over the time before that second, in percent.</summary>
    public static double Change(SyntheticAsset asset, long second, long over) =>
        100 * ((Price(asset, second) / Price(asset, second - over)) - 1);

    /// <summary>The highest price ever: above all that <see cref="Price"/> can give.</summary>
    public static double AllTimeHigh(SyntheticAsset asset) =>
        asset.Market.Price * (1 + asset.Market.Swing) * (1.05 + (20 * asset.Market.Swing * Noise.Unit(asset.Key, 106)));

    /// <summary>The lowest price ever: below all that <see cref="Price"/> can give.</summary>
    public static double AllTimeLow(SyntheticAsset asset) =>
        asset.Market.Price * (1 - asset.Market.Swing) * (0.001 + (0.9 * Noise.Unit(asset.Key, 107)));

    /// <summary>A day in the asset's past, at some second of it; the same for the same <paramref name="what"/>.</summary>
    public static DateTimeOffset PastDay(SyntheticAsset asset, ulong what) =>
        DateTimeOffset.UnixEpoch.AddSeconds(1_400_000_000 + (long)(Noise.Unit(asset.Key, 108, what) * 280_000_000));
}
