namespace Kasparro.Ingestion.Matching;

/// <summary>
/// The verdicts of prices on pairs of listings: evidence like any other, stored so that identity does not change with the market.
/// </summary>
internal sealed class PriceAgreement(IReadOnlyDictionary<(Guid ListingId, Guid OtherId), bool> verdicts)
{
    public static PriceAgreement None { get; } = new(new Dictionary<(Guid, Guid), bool>());

    /// <summary>
    /// Whether the prices of the two agreed (true) or differed by a large factor (false), or null if nothing conclusive was seen.
    /// </summary>
    public bool? Find(CandidateListing left, CandidateListing right) =>
        verdicts.TryGetValue((left.ListingId, right.ListingId), out var agrees)
        || verdicts.TryGetValue((right.ListingId, left.ListingId), out agrees)
            ? agrees
            : null;
}
