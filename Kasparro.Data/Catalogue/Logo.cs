namespace Kasparro.Data.Catalogue;

/// <summary>The logo of a listing: the URL that its source gives, and the picture, once it has been fetched.</summary>
public sealed class Logo
{
    /// <summary>The listing.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The source's URL of the picture.</summary>
    public required string Url { get; init; }

    /// <summary>The picture's media type, detected from its first bytes; null before it is fetched.</summary>
    public string? ContentType { get; init; }

    /// <summary>The picture; null before it is fetched.</summary>
    public byte[]? Content { get; init; }

    /// <summary>The time at which it was fetched.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>The time of the next request; null if there is nothing to request.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why the last request failed; null if it succeeded.</summary>
    public string? Failure { get; init; }
}
