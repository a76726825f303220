using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Matching;

/// <summary>Resolves a whole catalogue at once: what the loader keeps true page by page.</summary>
internal static class EntityResolution
{
    /// <param name="listings">All listings, with their contracts.</param>
    /// <param name="prices">What prices said about pairs of them.</param>
    /// <param name="overrides">What people have decided.</param>
    public static Clustering Resolve(IEnumerable<CandidateListing> listings, PriceAgreement prices, MatchOverrides overrides)
    {
        var assets = new Dictionary<Guid, Guid>();
        var decisions = new List<MatchDecision>();
        foreach (var connected in Components(listings, overrides))
        {
            if (connected is [var alone])
            {
                assets.Add(alone.ListingId, alone.ListingId);
                continue;
            }

            var partition = ComponentResolution.Resolve(connected, prices, overrides);
            decisions.AddRange(partition.Decisions);
            foreach (var (listingId, assetId) in partition.Assets)
            {
                assets.Add(listingId, assetId);
            }
        }

        return new(assets, decisions);
    }

    /// <summary>The listings in groups that share keys, directly or through others; nothing outside a group has a say in it.</summary>
    public static IEnumerable<IReadOnlyList<CandidateListing>> Components(IEnumerable<CandidateListing> listings, MatchOverrides overrides)
    {
        CandidateListing[] all = [.. listings];
        var groups = new DisjointSets(all.Length);
        var byKey = new Dictionary<BlockingKey, int>(2 * all.Length);
        var byId = new Dictionary<Guid, int>(all.Length);
        for (var i = 0; i < all.Length; i++)
        {
            byId.Add(all[i].ListingId, i);
            foreach (var key in all[i].Keys())
            {
                if (!byKey.TryAdd(key, i))
                {
                    groups.Join(byKey[key], i);
                }
            }
        }

        foreach (var (left, right, _) in overrides.Pairs)
        {
            if (byId.TryGetValue(left, out var one) && byId.TryGetValue(right, out var other))
            {
                groups.Join(one, other);
            }
        }

        return Enumerable.Range(0, all.Length).GroupBy(groups.Find, i => all[i], (_, members) => members.ToArray());
    }
}
