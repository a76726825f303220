namespace Kasparro.Data.Catalogue;

/// <summary>What a source sent, verbatim, one row per changed content. Partitioned by month of <see cref="FetchedAt"/>.</summary>
public sealed class RawRecord
{
    /// <summary>The listing that the record describes.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The stream of its source that it came from (<c>coins</c>, <c>tickers</c>, <c>markets</c>, <c>file</c>).</summary>
    public required string Stream { get; init; }

    /// <summary>When it was fetched.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>XxHash128 over the record's canonical content.</summary>
    public Guid ContentHash { get; init; }

    /// <summary>The run that stored it.</summary>
    public Guid RunId { get; init; }

    /// <summary>The record as JSON (a CSV row as an object of its columns).</summary>
    public required string Payload { get; init; }
}
