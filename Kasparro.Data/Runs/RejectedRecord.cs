namespace Kasparro.Data.Runs;

/// <summary>A record that could not be loaded, with the reason; the rest of its page was.</summary>
public sealed class RejectedRecord
{
    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The stream of the source.</summary>
    public required string Stream { get; init; }

    /// <summary>
    /// XxHash128 over the reason and the id, or the payload where there is no id or a file has the record: the same bad record met again is
    /// the same row.
    /// </summary>
    public Guid Fingerprint { get; init; }

    /// <summary>The run that first met it with this payload.</summary>
    public Guid RunId { get; init; }

    /// <summary>Where it stood: the record's number in its stream, or the line of a CSV file, from 1.</summary>
    public long Position { get; init; }

    /// <summary>The source's id, where it could be read.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Why, as a code (<c>missing_field</c>, <c>bad_number</c>, …).</summary>
    public required string Reason { get; init; }

    /// <summary>Why, for people: names the field.</summary>
    public required string Detail { get; init; }

    /// <summary>The record as sent; NUL characters shown as U+2400, since PostgreSQL stores none.</summary>
    public required string Payload { get; init; }

    /// <summary>When it was first rejected with this payload.</summary>
    public DateTimeOffset RejectedAt { get; init; }
}
