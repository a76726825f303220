namespace Kasparro.Data.Catalogue;

/// <summary>
/// The verbatim records of one page that were new or differed from before, compressed by PostgreSQL. Partitioned by day of
/// <see cref="FetchedAt"/>.
/// </summary>
public sealed class RawPage
{
    /// <summary>The time at which it was fetched.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream of the source that it came from (<c>coins</c>, <c>tickers</c>, <c>markets</c>, a file).</summary>
    public required string Stream { get; init; }

    /// <summary>The run that stored it.</summary>
    public Guid RunId { get; init; }

    /// <summary>The number of records.</summary>
    public int Records { get; init; }

    /// <summary>The listings that the records describe, in the same order.</summary>
    public required Guid[] ListingIds { get; init; }

    /// <summary>The records as a JSON array (a CSV row as an object of its columns).</summary>
    public required string Payload { get; init; }
}
