using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Decides which listings are one asset. Listings that are connected by shared blocking keys or overrides, directly or through others, are
/// resolved together, and nothing else affects them. So resolving page by page, as the loader does, gives the same result as resolving the
/// whole catalogue at once.
/// </summary>
internal static class EntityResolution
{
    /// <summary>Resolves listings.</summary>
    /// <param name="listings">The listings with their contracts and markets, including all listings that share a key or an override with
    /// any of them.</param>
    /// <param name="prices">The verdicts of prices on pairs of them so far.</param>
    /// <param name="overrides">The manual decisions.</param>
    public static Clustering Resolve(IEnumerable<CandidateListing> listings, PriceAgreement prices, MatchOverrides overrides)
    {
        CandidateListing[] all = [.. listings];
        var buckets = BlockingBuckets.From(all);
        var assets = new Dictionary<Guid, Guid>(all.Length);
        var decisions = new List<MatchDecision>();
        var measured = new List<MeasuredPair>();
        foreach (var component in Components(all, buckets, overrides))
        {
            if (component is [var alone])
            {
                assets.Add(alone.ListingId, alone.ListingId);
                continue;
            }

            var resolution = ComponentResolution.Resolve(component, buckets, prices, overrides);
            decisions.AddRange(resolution.Decisions);
            measured.AddRange(resolution.Measured);
            foreach (var (listingId, assetId) in resolution.Assets)
            {
                assets.Add(listingId, assetId);
            }
        }

        return new(assets, decisions, measured, buckets.Crowded);
    }

    /// <summary>Groups the listings that are connected by shared keys or overrides, directly or through others.</summary>
    private static IEnumerable<CandidateListing[]> Components(CandidateListing[] all, BlockingBuckets buckets, MatchOverrides overrides)
    {
        var groups = new DisjointSets(all.Length);
        var positions = new Dictionary<Guid, int>(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            positions.Add(all[i].ListingId, i);
        }

        foreach (var bucket in buckets.All)
        {
            for (var i = 1; i < bucket.Count; i++)
            {
                groups.Join(positions[bucket[0].ListingId], positions[bucket[i].ListingId]);
            }
        }

        foreach (var (left, right, _) in overrides.Pairs)
        {
            if (positions.TryGetValue(left, out var one) && positions.TryGetValue(right, out var other))
            {
                groups.Join(one, other);
            }
        }

        return Enumerable.Range(0, all.Length).GroupBy(groups.Find, i => all[i], (_, members) => members.ToArray());
    }
}
