namespace Kasparro.Data.Catalogue;

/// <summary>A match decision: why two listings are one asset, or why they are not although a rule would have united them.</summary>
public sealed class IdentityDecision
{
    /// <summary>The listing of the source that comes first in <see cref="SourceNames.All"/>.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>The asset that both belong to; null if they were not united.</summary>
    public Guid? AssetId { get; set; }

    /// <summary>The match rule: <c>override</c>, <c>contract</c>, <c>symbol_name_slug</c>, …</summary>
    public required string Rule { get; set; }

    /// <summary>
    /// Why they were not united: <c>other_contract</c>, <c>other_form</c>, <c>ambiguous</c>, <c>taken</c>, …; null if they were.
    /// </summary>
    public string? Reason { get; set; }

    /// <summary>The probability that the rule is right, 0–1.</summary>
    public double Confidence { get; set; }

    /// <summary>The evidence that they share, as a JSON array of human-readable texts.</summary>
    public required string Evidence { get; set; }

    /// <summary>The time of the decision.</summary>
    public DateTimeOffset DecidedAt { get; set; }
}
