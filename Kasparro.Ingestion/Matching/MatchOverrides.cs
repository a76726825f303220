namespace Kasparro.Ingestion.Matching;

/// <summary>Manual decisions: pairs of listings that are one asset, and pairs that are not.</summary>
internal sealed class MatchOverrides(IEnumerable<(Guid Left, Guid Right)> same, IEnumerable<(Guid Left, Guid Right)> different)
{
    private readonly HashSet<(Guid Left, Guid Right)> _same = [.. same.Select(Ordered)];
    private readonly HashSet<(Guid Left, Guid Right)> _different = [.. different.Select(Ordered)];
    private HashSet<Guid>? _named;

    public static MatchOverrides None { get; } = new([], []);

    public bool IsEmpty => _same.Count + _different.Count == 0;

    /// <summary>Every pair, with the smaller id first, and whether it is one asset.</summary>
    public IEnumerable<(Guid Left, Guid Right, bool IsSame)> Pairs =>
        _same.Select(pair => (pair.Left, pair.Right, true)).Concat(_different.Select(pair => (pair.Left, pair.Right, false)));

    /// <summary>Returns the listings that an override makes one asset with a listing.</summary>
    public IEnumerable<Guid> SameAs(Guid listingId) =>
        _same.Where(pair => pair.Left == listingId || pair.Right == listingId)
            .Select(pair => pair.Left == listingId ? pair.Right : pair.Left);

    public bool AreSame(Guid left, Guid right) => _same.Contains(Ordered((left, right)));

    public bool AreDifferent(Guid left, Guid right) => _different.Contains(Ordered((left, right)));

    /// <summary>Whether there is an override for the two listings, either way.</summary>
    public bool Names(Guid left, Guid right) => AreSame(left, right) || AreDifferent(left, right);

    /// <summary>Whether there is an override for the listing and any other.</summary>
    public bool Names(Guid listingId) =>
        !IsEmpty && (_named ??= [.. Pairs.SelectMany(pair => new[] { pair.Left, pair.Right })]).Contains(listingId);

    /// <summary>Combines these overrides with others; if the two disagree about a pair, these win.</summary>
    public MatchOverrides With(IEnumerable<(Guid Left, Guid Right, bool IsSame)> others)
    {
        var added = others.Where(pair => !Names(pair.Left, pair.Right)).ToList();
        return new(
            _same.Concat(added.Where(pair => pair.IsSame).Select(pair => (pair.Left, pair.Right))),
            _different.Concat(added.Where(pair => !pair.IsSame).Select(pair => (pair.Left, pair.Right))));
    }

    /// <summary>Returns the other listings that an override pairs with one of these.</summary>
    public IEnumerable<Guid> NamedWith(IReadOnlySet<Guid> listingIds) =>
        Pairs.Where(pair => listingIds.Contains(pair.Left) != listingIds.Contains(pair.Right))
            .Select(pair => listingIds.Contains(pair.Left) ? pair.Right : pair.Left);

    private static (Guid Left, Guid Right) Ordered((Guid Left, Guid Right) pair) =>
        pair.Left.CompareTo(pair.Right) <= 0 ? pair : (pair.Right, pair.Left);
}
