namespace Kasparro.Ingestion.Model;

/// <summary>
/// The unit that one transaction loads: one response of a paged upstream, or a slice of an unpaged response or of a file.
/// </summary>
internal sealed record SourcePage
{
    /// <summary>The page's number within the reading, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The valid records, in the source's order. If an id occurs twice, the later record counts.</summary>
    public required IReadOnlyList<SourceRecord> Records { get; init; }

    /// <summary>The records that cannot be loaded.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    /// <summary>The differences between the records and the stream's known schema.</summary>
    public IReadOnlyList<DriftFinding> Drifts { get; init; } = [];

    /// <summary>Exchange rates; only one stream has them, and its pages have no records.</summary>
    public IReadOnlyList<RateRecord> Rates { get; init; } = [];

    /// <summary>When the source responded.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>The number of records read since the start of the reading, including this page's, whether loaded or not.</summary>
    public required long RecordsThrough { get; init; }

    /// <summary>
    /// The fraction of the stream that has been read up to and including this page, 0–1; null if the stream's length is unknown.
    /// </summary>
    public double? Fraction { get; init; }

    /// <summary>
    /// The platform of the page's contracts if the page has all contracts that the source names there; null if some may be missing.
    /// </summary>
    public string? WholePlatform { get; init; }

    /// <summary>
    /// Identifies the content being read (ETag, file size and hash), so that a resumed reading can detect a change; null if the source does
    /// not provide it.
    /// </summary>
    public string? ContentIdentity { get; init; }
}

/// <summary>A valid record: its normalised fields, and the record as received.</summary>
internal sealed class SourceRecord
{
    /// <summary>The listing's id, derived from its source and external id.</summary>
    public required Guid ListingId { get; init; }

    public required string ExternalId { get; init; }

    public required string Symbol { get; init; }

    public required string Name { get; init; }

    /// <summary>Whether the source lists it as active; null if the record does not say, so that what is known of it stays.</summary>
    public bool? IsActive { get; init; }

    public int? Rank { get; init; }

    public double? PriceUsd { get; init; }

    public double? MarketCapUsd { get; init; }

    public double? Volume24hUsd { get; init; }

    public double? CirculatingSupply { get; init; }

    public double? TotalSupply { get; init; }

    public double? MaxSupply { get; init; }

    public DateTimeOffset? QuotedAt { get; init; }

    /// <summary>The contracts that the record names, or null if it does not mention contracts.</summary>
    public IReadOnlyCollection<TokenContract>? Contracts { get; init; }

    /// <summary>What the record says about a platform, or null if it does not describe one.</summary>
    public PlatformEvidence? Platform { get; init; }

    /// <summary>The URL of the logo; empty if the source has none, null if the record does not mention it.</summary>
    public string? LogoUrl { get; init; }

    /// <summary>
    /// XxHash128 over the canonical content: equal for records with the same content, regardless of how numbers are written.
    /// </summary>
    public required Guid ContentHash { get; init; }

    /// <summary>The record as UTF-8 JSON that PostgreSQL's jsonb accepts.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}

/// <summary>What a source says about a platform.</summary>
/// <param name="ChainId">The chain id of an EVM network (EIP-155), or null if it is unknown or contradicts the platform map.</param>
/// <param name="NativeCoin">The source's id of the coin in which the chain's fees are paid.</param>
internal sealed record PlatformEvidence(long? ChainId, string? NativeCoin);

/// <summary>A record that cannot be loaded.</summary>
/// <param name="Position">The record's number in the stream, or its line in a file, from 1.</param>
/// <param name="ExternalId">The source's id, or null if it could not be read.</param>
/// <param name="Reason">A code of <see cref="RejectionReason"/>.</param>
/// <param name="Detail">A description for people; names the field.</param>
/// <param name="Payload">The record as received, as text.</param>
internal sealed record Rejection(long Position, string? ExternalId, string Reason, string Detail, string Payload);

/// <summary>The point at which a reading resumes.</summary>
/// <param name="Page">The first page to yield, from 0.</param>
/// <param name="Records">The number of records read before it.</param>
/// <param name="ContentIdentity">Identifies the content that was being read; if the stream finds different content, it starts at page
/// 0.</param>
internal readonly record struct ResumePoint(int Page, long Records, string? ContentIdentity)
{
    public static ResumePoint Start => new(0, 0, null);
}
