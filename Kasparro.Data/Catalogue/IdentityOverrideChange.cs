namespace Kasparro.Data.Catalogue;

/// <summary>
/// What an operator said about a pair of listings through the API, in order; rows are only added. Of a pair's rows the newest is in force.
/// </summary>
public sealed class IdentityOverrideChange
{
    /// <summary>Grows with each change.</summary>
    public long ChangeId { get; init; }

    /// <summary>One listing; the smaller id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>Whether they are one asset; null where the override was taken back.</summary>
    public bool? IsSame { get; init; }

    /// <summary>Why, in the operator's words; null where the override was taken back.</summary>
    public string? Reason { get; init; }

    /// <summary>Whose key was used: <c>Operator:Key</c> or <c>Operator:PreviousKey</c>.</summary>
    public required string ChangedBy { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The id of the request, as in the header X-Request-Id.</summary>
    public required string RequestId { get; init; }
}
