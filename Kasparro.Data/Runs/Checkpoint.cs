namespace Kasparro.Data.Runs;

/// <summary>How far the newest reading of one stream of a source has been committed.</summary>
public sealed class Checkpoint
{
    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream: <c>coins</c>, <c>tickers</c>, <c>markets</c>; a CSV file's path.</summary>
    public required string Stream { get; init; }

    /// <summary>The run that last moved it.</summary>
    public Guid RunId { get; set; }

    /// <summary>Pages committed of this reading, from 0.</summary>
    public int Page { get; set; }

    /// <summary>Records of this reading that were read, loaded or not.</summary>
    public long Records { get; set; }

    /// <summary>Whether the reading came to its end; the next run then starts a new one.</summary>
    public bool IsComplete { get; set; }

    /// <summary>When the reading started: one that is too old is not resumed but started over.</summary>
    public DateTimeOffset StartedAt { get; set; }

    /// <summary>When a page was last committed.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The source's id of the last record committed.</summary>
    public string? LastExternalId { get; set; }

    /// <summary>
    /// What was read, where the source tells it: an ETag, or a file's size and hash. A resumed reading must find the same.
    /// </summary>
    public string? ContentIdentity { get; set; }
}
