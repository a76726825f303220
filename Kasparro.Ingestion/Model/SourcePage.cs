namespace Kasparro.Ingestion.Model;

/// <summary>What one transaction loads: one response of a paged upstream, or a slice of an unpaged one or of a file.</summary>
internal sealed record SourcePage
{
    /// <summary>The page's number within the reading, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>The valid records, in the source's order; the same id may come twice, the later one counts.</summary>
    public required IReadOnlyList<SourceRecord> Records { get; init; }

    /// <summary>The records that cannot be loaded.</summary>
    public required IReadOnlyList<Rejection> Rejections { get; init; }

    /// <summary>How the records differ from what the stream is known to send.</summary>
    public IReadOnlyList<DriftFinding> Drifts { get; init; } = [];

    /// <summary>Rates of currencies; of one stream alone, whose pages have no records.</summary>
    public IReadOnlyList<RateRecord> Rates { get; init; } = [];

    /// <summary>When the source answered.</summary>
    public required DateTimeOffset FetchedAt { get; init; }

    /// <summary>Records read since the reading's start, this page's included, loaded or not.</summary>
    public required long RecordsThrough { get; init; }

    /// <summary>How much of the stream has been read with this page, 0–1, where it is known how long it is.</summary>
    public double? Fraction { get; init; }

    /// <summary>
    /// The platform that the page's contracts are on, where the page has all that the source names there; null where it may lack some.
    /// </summary>
    public string? WholePlatform { get; init; }

    /// <summary>What is being read, where the source tells it (ETag, file size and hash): a resumed reading compares it.</summary>
    public string? ContentIdentity { get; init; }
}

/// <summary>A valid record: normalised fields, and the record as it came.</summary>
internal sealed class SourceRecord
{
    /// <summary>The listing's id, which follows from its source and its external id.</summary>
    public required Guid ListingId { get; init; }

    public required string ExternalId { get; init; }

    public required string Symbol { get; init; }

    public required string Name { get; init; }

    public bool IsActive { get; init; } = true;

    public int? Rank { get; init; }

    public double? PriceUsd { get; init; }

    public double? MarketCapUsd { get; init; }

    public double? Volume24hUsd { get; init; }

    public double? CirculatingSupply { get; init; }

    public double? TotalSupply { get; init; }

    public double? MaxSupply { get; init; }

    public DateTimeOffset? QuotedAt { get; init; }

    /// <summary>The contracts that the record names; null where it does not speak of them.</summary>
    public IReadOnlyCollection<TokenContract>? Contracts { get; init; }

    /// <summary>What the record says of a platform; null where it does not speak of one.</summary>
    public PlatformEvidence? Platform { get; init; }

    /// <summary>The URL of the logo; empty where the source has none, null where the record does not speak of it.</summary>
    public string? LogoUrl { get; init; }

    /// <summary>XxHash128 over the canonical content: equal where the record says the same, however its numbers are spelt.</summary>
    public required Guid ContentHash { get; init; }

    /// <summary>The record as UTF-8 JSON that PostgreSQL's jsonb takes.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}

/// <summary>What a source says of a platform.</summary>
/// <param name="ChainId">The chain id of an EVM network (EIP-155), where it does not contradict the platform map.</param>
/// <param name="NativeCoin">The source's id of the coin that pays the chain's fees.</param>
internal sealed record PlatformEvidence(long? ChainId, string? NativeCoin);

/// <summary>A record that cannot be loaded.</summary>
/// <param name="Position">Its number in the stream, or its line in a file, from 1.</param>
/// <param name="ExternalId">The source's id, where it could be read.</param>
/// <param name="Reason">A code of <see cref="RejectionReason"/>.</param>
/// <param name="Detail">For people; names the field.</param>
/// <param name="Payload">The record as it came, as text.</param>
internal sealed record Rejection(long Position, string? ExternalId, string Reason, string Detail, string Payload);

/// <summary>Where a reading resumes.</summary>
/// <param name="Page">The first page to yield, from 0.</param>
/// <param name="Records">Records read before it.</param>
/// <param name="ContentIdentity">What was being read; a stream that finds something else starts at page 0.</param>
internal readonly record struct ResumePoint(int Page, long Records, string? ContentIdentity)
{
    public static ResumePoint Start => new(0, 0, null);
}
