namespace Kasparro.Ingestion.Identity;

/// <summary>What prices said about pairs of listings: evidence like any other, kept so that identity does not move with the market.</summary>
internal sealed class PriceVerdicts(IReadOnlyDictionary<(Guid ListingId, Guid OtherId), bool> verdicts)
{
    public static PriceVerdicts None { get; } = new(new Dictionary<(Guid, Guid), bool>());

    /// <summary>Whether the two agreed (true) or were apart by a factor (false); null where nothing was seen that tells.</summary>
    public bool? Of(IdentityListing left, IdentityListing right) =>
        verdicts.TryGetValue((left.ListingId, right.ListingId), out var agrees) || verdicts.TryGetValue((right.ListingId, left.ListingId), out agrees)
            ? agrees
            : null;
}
