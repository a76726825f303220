namespace Kasparro.Ingestion.Matching;

/// <summary>Listings on their way to becoming assets: which ones are united, and which must not be.</summary>
internal sealed class Clusters
{
    private readonly Dictionary<CandidateListing, List<CandidateListing>> _members;
    private readonly MatchOverrides _overrides;

    public Clusters(IEnumerable<CandidateListing> listings, MatchOverrides overrides)
    {
        _members = listings.ToDictionary(listing => listing, listing => new List<CandidateListing> { listing });
        _overrides = overrides;
    }

    public bool AreOne(CandidateListing left, CandidateListing right) => ReferenceEquals(_members[left], _members[right]);

    /// <summary>Whether the listing's asset has no listing of that source yet.</summary>
    public bool IsFree(CandidateListing listing, string source) => _members[listing].TrueForAll(member => member.Source != source);

    /// <summary>Whether uniting the two would bring together two listings of one source.</summary>
    public bool Collide(CandidateListing left, CandidateListing right) =>
        _members[left].Exists(member => !IsFree(right, member.Source));

    /// <summary>Whether an override separates any listing of one cluster from any listing of the other.</summary>
    public bool AreForbidden(CandidateListing left, CandidateListing right) =>
        !_overrides.IsEmpty
        && _members[left].Exists(member => _members[right].Exists(other => _overrides.AreDifferent(member.ListingId, other.ListingId)));

    public void Unite(CandidateListing left, CandidateListing right)
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

    /// <summary>
    /// Returns each listing's asset. The oldest listing founds it; of equally old ones, the listing of the preferred source.
    /// </summary>
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

    /// <summary>Orders listings by the preference of their sources, then by source name and external id.</summary>
    public static int ComparePreference(CandidateListing left, CandidateListing right) =>
        Preference(left.Source).CompareTo(Preference(right.Source)) is not 0 and var preference ? preference
        : string.CompareOrdinal(left.Source, right.Source) is not 0 and var source ? source
        : string.CompareOrdinal(left.ExternalId, right.ExternalId);

    private static bool IsOlder(CandidateListing left, CandidateListing right) =>
        left.CreatedAt.CompareTo(right.CreatedAt) is not 0 and var age ? age < 0 : ComparePreference(left, right) < 0;

    /// <summary>The index of a source in <see cref="SourceNames.All"/>; unknown sources come last.</summary>
    private static int Preference(string source) =>
        SourceNames.All.IndexOf(source) is >= 0 and var place ? place : SourceNames.All.Length;
}
