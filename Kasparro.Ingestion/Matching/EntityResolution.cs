using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>
/// Decides which listings are one asset. Listings that share a blocking key, directly or through others, are decided about together, and
/// nothing else affects them: so what the loader decides page by page is what this decides about a whole catalogue.
/// </summary>
internal static class EntityResolution
{
    /// <summary>Resolves listings.</summary>
    /// <param name="listings">Listings with their contracts and markets; with each, all that share a key with it.</param>
    /// <param name="prices">What prices said about pairs of them so far.</param>
    /// <param name="overrides">What people have decided.</param>
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

    /// <summary>The listings in groups that share keys or an override, directly or through others.</summary>
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
