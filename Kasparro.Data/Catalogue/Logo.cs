namespace Kasparro.Data.Catalogue;

/// <summary>The logo of a listing: where its source says that it is, and the picture, once it was fetched.</summary>
public sealed class Logo
{
    /// <summary>The listing.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The source's URL of the picture.</summary>
    public required string Url { get; init; }

    /// <summary>The picture's type, as its first bytes say; null before it was fetched.</summary>
    public string? ContentType { get; init; }

    /// <summary>The picture; null before it was fetched.</summary>
    public byte[]? Content { get; init; }

    /// <summary>When it was fetched.</summary>
    public DateTimeOffset? FetchedAt { get; init; }

    /// <summary>When it is to be requested next; null where there is nothing to be requested.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Why the last request failed; null where it did not.</summary>
    public string? Failure { get; init; }
}
