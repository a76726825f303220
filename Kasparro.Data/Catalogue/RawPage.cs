namespace Kasparro.Data.Catalogue;

/// <summary>
/// What a source sent, verbatim: the records of one page that were new or said something else than before. PostgreSQL compresses it.
/// Partitioned by day of <see cref="FetchedAt"/>.
/// </summary>
public sealed class RawPage
{
    /// <summary>When it was fetched.</summary>
    public DateTimeOffset FetchedAt { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream of its source that it came from (<c>coins</c>, <c>tickers</c>, <c>markets</c>, a file).</summary>
    public required string Stream { get; init; }

    /// <summary>The run that stored it.</summary>
    public Guid RunId { get; init; }

    /// <summary>How many records it has.</summary>
    public int Records { get; init; }

    /// <summary>The listings that they describe, in their order.</summary>
    public required Guid[] ListingIds { get; init; }

    /// <summary>The records as a JSON array (a CSV row as an object of its columns).</summary>
    public required string Payload { get; init; }
}
