namespace Kasparro.Ingestion.Identity;

/// <summary>The whole partition at once: what <see cref="IdentityResolver"/> keeps true page by page.</summary>
internal static class Unification
{
    /// <param name="listings">All listings, with their contracts.</param>
    /// <param name="prices">What prices said about pairs of them.</param>
    /// <param name="overrides">What people have decided.</param>
    public static IdentityPartition Of(IEnumerable<IdentityListing> listings, PriceVerdicts prices, IdentityOverrides overrides)
    {
        var assets = new Dictionary<Guid, Guid>();
        var decisions = new List<IdentityDecision>();
        foreach (var connected in Components(listings, overrides))
        {
            var partition = IdentityRules.Decide(connected, prices, overrides);
            decisions.AddRange(partition.Decisions);
            foreach (var (listingId, assetId) in partition.Assets)
            {
                assets.Add(listingId, assetId);
            }
        }

        return new(assets, decisions);
    }

    /// <summary>The listings in groups that share keys, directly or through others; nothing outside a group has a say in it.</summary>
    public static IEnumerable<IReadOnlyCollection<IdentityListing>> Components(IEnumerable<IdentityListing> listings, IdentityOverrides overrides)
    {
        var groups = new Dictionary<IdentityListing, List<IdentityListing>>();
        var byKey = new Dictionary<IdentityKey, IdentityListing>();
        var byId = new Dictionary<Guid, IdentityListing>();
        foreach (var listing in listings)
        {
            byId.Add(listing.ListingId, listing);
            groups.Add(listing, [listing]);
            foreach (var key in listing.Keys())
            {
                if (!byKey.TryAdd(key, listing))
                {
                    Join(byKey[key], listing);
                }
            }
        }

        foreach (var (left, right, _) in overrides.Pairs)
        {
            if (byId.TryGetValue(left, out var one) && byId.TryGetValue(right, out var other))
            {
                Join(one, other);
            }
        }

        return groups.Values.Distinct();

        void Join(IdentityListing left, IdentityListing right)
        {
            var (into, from) = (groups[left], groups[right]);
            if (ReferenceEquals(into, from))
            {
                return;
            }

            if (into.Count < from.Count)
            {
                (into, from) = (from, into);
            }

            into.AddRange(from);
            foreach (var member in from)
            {
                groups[member] = into;
            }
        }
    }
}
