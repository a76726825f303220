namespace Kasparro.Data.Runs;

/// <summary>The progress of the newest reading of one stream of a source, as committed.</summary>
public sealed class Checkpoint
{
    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream: <c>coins</c>, <c>tickers</c>, <c>markets</c>, or a CSV file's path.</summary>
    public required string Stream { get; init; }

    /// <summary>The run that last updated it.</summary>
    public Guid RunId { get; set; }

    /// <summary>The number of committed pages of this reading.</summary>
    public int Page { get; set; }

    /// <summary>The number of records of this reading that were read, loaded or not.</summary>
    public long Records { get; set; }

    /// <summary>Whether the reading is complete; the next run then starts a new one.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The time at which the reading started; one that is too old is restarted rather than resumed.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>The time at which a page was last committed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The source's id of the last record committed.</summary>
    public string? LastExternalId { get; set; }

    /// <summary>
    /// The identity of the content, if the source provides one: an ETag, or a file's size and hash. A resumed reading must find the same.
    /// </summary>
    public string? ContentIdentity { get; set; }
}
