using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>Both rankings in one interval. A response is written from a single snapshot, however long that takes.</summary>
/// <param name="Interval">The interval, counted from 1970.</param>
/// <param name="IntervalSeconds">The length of intervals in seconds.</param>
/// <param name="Paprika">CoinPaprika's active listings by rank.</param>
/// <param name="Gecko">CoinGecko's coins by market cap, those without one at the end.</param>
internal sealed record MarketSnapshot(
    long Interval, int IntervalSeconds, IReadOnlyList<Ranked<PaprikaListing>> Paprika, IReadOnlyList<Ranked<GeckoListing>> Gecko)
{
    /// <summary>Gets the time of an asset's price in this snapshot, in Unix seconds.</summary>
    public long UpdatedAt(SyntheticAsset asset) => MarketModel.UpdatedAt(asset, Interval, IntervalSeconds);

    public static MarketSnapshot Take(SyntheticCatalogue catalogue, long interval, int intervalSeconds)
    {
        double Cap(SyntheticAsset asset) =>
            MarketModel.Price(asset, MarketModel.UpdatedAt(asset, interval, intervalSeconds)) * asset.Market.Circulating;

        // OrderByDescending is stable: equal caps remain in the catalogue's order, on every machine.
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
            // Some ranks are repeated, since the upstream computes them separately from the pages.
            var repeats = gecko.Count > 1 && Noise.Unit(listing.Asset.Key, 109) < 0.004;
            int? rank = cap < 0 ? null : repeats ? gecko[^1].Rank : gecko.Count + 1;
            gecko.Add(new(listing, rank, Math.Max(cap, 0)));
        }

        return new(interval, intervalSeconds, paprika, gecko);
    }
}

/// <param name="Listing">The ranked listing.</param>
/// <param name="Rank">The rank from 1; null without a market cap.</param>
/// <param name="Cap">The market cap in US dollars; 0 if unknown.</param>
internal readonly record struct Ranked<T>(T Listing, int? Rank, double Cap);
