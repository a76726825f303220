namespace Kasparro.Data.Catalogue;

/// <summary>
/// An operator's statement about a pair of listings, made through the API. Rows are only ever added; a pair's newest row is in force.
/// </summary>
public sealed class IdentityOverrideChange
{
    /// <summary>The id, which grows with each change.</summary>
    public long ChangeId { get; init; }

    /// <summary>The listing with the smaller id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>Whether they are one asset; null if the override was withdrawn.</summary>
    public bool? IsSame { get; init; }

    /// <summary>The reason in the operator's words; null if the override was withdrawn.</summary>
    public string? Reason { get; init; }

    /// <summary>The key that was used: <c>Operator:Key</c> or <c>Operator:PreviousKey</c>.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>The time of the change.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The id of the request, as in the X-Request-Id header.</summary>
    public required string RequestId { get; init; }
}
