using Kasparro.Simulator.Market;

namespace Kasparro.Simulator.Generation;

/// <summary>Draws an asset's market from its key.</summary>
internal static class MarketGenerator
{
    /// <summary>
    /// The upper bound of drawn market caps, below the well-known assets', so that the head of the ranking is always the same.
    /// </summary>
    private const double LargestCap = 2.5e9;

    public static MarketProfile Draw(ulong key)
    {
        var cap = LargestCap * Math.Pow(10, -7.5 * Math.Pow(Noise.Unit(key, 1), 0.7));
        var price = Rounding.Significant(Math.Pow(10, 3.5 - (13 * Math.Pow(Noise.Unit(key, 2), 1.3))), 6);
        var circulating = Math.Max(1, Math.Round(cap / price));
        if (Noise.Unit(key, 3) < 0.35)
        {
            circulating += Math.Round(Noise.Unit(key, 4), 6);
        }

        var total = Noise.Unit(key, 5) < 0.4 ? circulating : Math.Round(circulating * (1 + (4 * Noise.Unit(key, 6))));
        double? max = Noise.Unit(key, 7) < 0.39 ? null : Math.Max(total, Rounding.Significant(total * 1.2, 2));
        return new(price, circulating, total, max, 0.05 + (0.5 * Noise.Unit(key, 8)), Cadence(Noise.Unit(key, 9)));
    }

    public static PaprikaQuoteShape DrawPaprikaShape(ulong key) => Noise.Unit(key, 10) switch
    {
        < 0.04 => PaprikaQuoteShape.EmptyStrings,
        < 0.08 => PaprikaQuoteShape.Nulls,
        _ => PaprikaQuoteShape.Complete,
    };

    public static GeckoQuoteShape DrawGeckoShape(ulong key) => Noise.Unit(key, 11) switch
    {
        < 0.06 => GeckoQuoteShape.Unpriced,
        < 0.10 => GeckoQuoteShape.NullCap,
        < 0.14 => GeckoQuoteShape.ZeroCap,
        < 0.145 => GeckoQuoteShape.HugeValuation,
        _ => GeckoQuoteShape.Complete,
    };

    /// <summary>
    /// Draws a cadence. Most coins move with every interval; some hardly trade, so that an ingestion finds unchanged records.
    /// </summary>
    private static int Cadence(double unit) => unit switch
    {
        < 0.60 => 1,
        < 0.80 => 5,
        < 0.95 => 60,
        _ => 1_440,
    };
}
