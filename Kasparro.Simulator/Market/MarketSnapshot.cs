using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>Both rankings in one interval. A response is written from one snapshot, however long that takes.</summary>
internal sealed class MarketSnapshot
{
    private MarketSnapshot(
        long interval, int intervalSeconds, IReadOnlyList<Ranked<PaprikaListing>> paprika, IReadOnlyList<Ranked<GeckoListing>> gecko)
    {
        Interval = interval;
        IntervalSeconds = intervalSeconds;
        Paprika = paprika;
        Gecko = gecko;
    }

    public long Interval { get; }

    public int IntervalSeconds { get; }

    /// <summary>CoinPaprika's active listings by rank.</summary>
    public IReadOnlyList<Ranked<PaprikaListing>> Paprika { get; }

    /// <summary>CoinGecko's coins by market cap, those without one last.</summary>
    public IReadOnlyList<Ranked<GeckoListing>> Gecko { get; }

    public static MarketSnapshot Take(SyntheticCatalogue catalogue, long interval, int intervalSeconds)
    {
        double Cap(SyntheticAsset asset) =>
            MarketModel.Price(asset, MarketModel.UpdatedAt(asset, interval, intervalSeconds)) * asset.Market.Circulating;

        // OrderByDescending is stable: equal caps stay in the catalogue's order, on every machine.
        var paprika = catalogue.CoinPaprika.Where(p => p.IsActive)
            .Select(p => (Listing: p, Cap: Cap(p.Asset)))
            .OrderByDescending(p => p.Cap)
            .Select((p, i) => new Ranked<PaprikaListing>(p.Listing, i + 1, p.Cap))
            .ToArray();

        var gecko = new List<Ranked<GeckoListing>>(catalogue.CoinGecko.Count);
        foreach (var (listing, cap) in catalogue.CoinGecko
            .Select(g => (Listing: g, Cap: g.Shape is GeckoQuoteShape.Complete or GeckoQuoteShape.HugeValuation ? Cap(g.Asset) : -1))
            .OrderByDescending(g => g.Cap))
        {
            // Ranks repeat at times: the upstream computes them apart from the pages.
            var repeats = gecko.Count > 1 && Noise.Unit(listing.Asset.Key, 109) < 0.004;
            int? rank = cap < 0 ? null : repeats ? gecko[^1].Rank : gecko.Count + 1;
            gecko.Add(new(listing, rank, Math.Max(cap, 0)));
        }

        return new(interval, intervalSeconds, paprika, gecko);
    }
}

/// <param name="Listing">Whose rank.</param>
/// <param name="Rank">From 1; null without a market cap.</param>
/// <param name="Cap">US dollars; 0 where unknown.</param>
internal readonly record struct Ranked<T>(T Listing, int? Rank, double Cap);
