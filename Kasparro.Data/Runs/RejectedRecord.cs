namespace Kasparro.Data.Runs;

/// <summary>A record that could not be loaded, with the reason; the rest of its page was loaded.</summary>
public sealed class RejectedRecord
{
    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream of the source.</summary>
    public required string Stream { get; init; }

    /// <summary>
    /// The XxHash128 of the reason and the id, or the payload if there is no id or the record is from a file. The same bad record, met
    /// again, has the same row.
    /// </summary>
    public Guid Fingerprint { get; init; }

    /// <summary>The run that first met it with this payload.</summary>
    public Guid RunId { get; init; }

    /// <summary>The position: the record's number in its stream, or the line of a CSV file, from 1.</summary>
    public long Position { get; init; }

    /// <summary>The source's id, if it could be read.</summary>
    public string? ExternalId { get; init; }

    /// <summary>The reason as a code (<c>missing_field</c>, <c>bad_number</c>, …).</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words, with the name of the field.</summary>
    public required string Detail { get; init; }

    /// <summary>The record as sent, with NUL characters shown as U+2400, since PostgreSQL cannot store them.</summary>
    public required string Payload { get; init; }

    /// <summary>The time at which it was first rejected with this payload.</summary>
    public DateTimeOffset RejectedAt { get; init; }
}
