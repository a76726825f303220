namespace Kasparro.Ingestion.Identity;

/// <summary>Listings on their way to becoming assets: who is with whom, and who may not be.</summary>
internal sealed class Clusters
{
    private readonly Dictionary<IdentityListing, List<IdentityListing>> _members;
    private readonly IdentityOverrides _overrides;

    public Clusters(IEnumerable<IdentityListing> listings, IdentityOverrides overrides)
    {
        _members = listings.ToDictionary(listing => listing, listing => new List<IdentityListing> { listing });
        _overrides = overrides;
    }

    public IReadOnlyList<IdentityListing> Of(IdentityListing listing) => _members[listing];

    public bool AreOne(IdentityListing left, IdentityListing right) => ReferenceEquals(_members[left], _members[right]);

    /// <summary>Whether the listing's asset has no listing of that source yet.</summary>
    public bool IsFree(IdentityListing listing, string source) => _members[listing].TrueForAll(member => member.Source != source);

    /// <summary>Whether uniting them would bring two listings of one source together.</summary>
    public bool Collide(IdentityListing left, IdentityListing right) =>
        _members[left].Exists(member => !IsFree(right, member.Source));

    /// <summary>Whether an override keeps any of the one's listings from any of the other's.</summary>
    public bool AreForbidden(IdentityListing left, IdentityListing right) =>
        !_overrides.IsEmpty
        && _members[left].Exists(member => _members[right].Exists(other => _overrides.AreDifferent(member.ListingId, other.ListingId)));

    public void Unite(IdentityListing left, IdentityListing right)
    {
        var (into, from) = (_members[left], _members[right]);
        if (ReferenceEquals(into, from))
        {
            return;
        }

        into.AddRange(from);
        foreach (var member in from)
        {
            _members[member] = into;
        }
    }

    /// <summary>Each listing's asset. The oldest listing founds it; of equally old ones that of the preferred source.</summary>
    public Dictionary<Guid, Guid> ToAssets()
    {
        var assets = new Dictionary<Guid, Guid>(_members.Count);
        foreach (var members in _members.Values.Distinct())
        {
            var founder = members[0];
            foreach (var member in members)
            {
                founder = IsOlder(member, founder) ? member : founder;
            }

            foreach (var member in members)
            {
                assets.Add(member.ListingId, founder.ListingId);
            }
        }

        return assets;
    }

    /// <summary>Orders listings by the preference of their sources, then by their sources' names and ids.</summary>
    public static int ComparePreference(IdentityListing left, IdentityListing right) =>
        Preference(left.Source).CompareTo(Preference(right.Source)) is not 0 and var preference ? preference
        : string.CompareOrdinal(left.Source, right.Source) is not 0 and var source ? source
        : string.CompareOrdinal(left.ExternalId, right.ExternalId);

    private static bool IsOlder(IdentityListing left, IdentityListing right) =>
        left.CreatedAt.CompareTo(right.CreatedAt) is not 0 and var age ? age < 0 : ComparePreference(left, right) < 0;

    /// <summary>The place of a source in <see cref="SourceNames.All"/>; unknown ones come last.</summary>
    private static int Preference(string source)
    {
        for (var i = 0; i < SourceNames.All.Count; i++)
        {
            if (SourceNames.All[i] == source)
            {
                return i;
            }
        }

        return SourceNames.All.Count;
    }
}
