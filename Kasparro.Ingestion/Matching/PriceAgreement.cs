namespace Kasparro.Ingestion.Matching;

/// <summary>
/// What prices said about pairs of listings: evidence like any other, kept so that identity does not move with the market.
/// </summary>
internal sealed class PriceAgreement(IReadOnlyDictionary<(Guid ListingId, Guid OtherId), bool> verdicts)
{
    public static PriceAgreement None { get; } = new(new Dictionary<(Guid, Guid), bool>());

    /// <summary>Whether the two agreed (true) or were apart by a factor (false); null where nothing was seen that tells.</summary>
    public bool? Find(CandidateListing left, CandidateListing right) =>
        verdicts.TryGetValue((left.ListingId, right.ListingId), out var agrees)
        || verdicts.TryGetValue((right.ListingId, left.ListingId), out agrees)
            ? agrees
            : null;
}
