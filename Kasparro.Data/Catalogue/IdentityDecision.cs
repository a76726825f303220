namespace Kasparro.Data.Catalogue;

/// <summary>Why two listings are one asset, or why they are not although a rule would have united them.</summary>
public sealed class IdentityDecision
{
    /// <summary>The listing of the source that comes first in <see cref="SourceNames.All"/>.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>The asset that both belong to; null where they were not united.</summary>
    public Guid? AssetId { get; set; }

    /// <summary>The rule: <c>override</c>, <c>contract</c>, <c>symbol_name_slug</c>, …</summary>
    public required string Rule { get; set; }

    /// <summary>
    /// Why they were not united: <c>other_contract</c>, <c>other_form</c>, <c>ambiguous</c>, <c>taken</c>, …; null where they were.
    /// </summary>
    public string? Reason { get; set; }

    /// <summary>How likely the rule is right, 0–1.</summary>
    public double Confidence { get; set; }

    /// <summary>What the two share, as a JSON array of texts for people.</summary>
    public required string Evidence { get; set; }

    /// <summary>When it was decided.</summary>
    public DateTimeOffset DecidedAt { get; set; }
}
