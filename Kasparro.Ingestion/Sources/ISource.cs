using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;
using Kasparro.Ingestion.Sources.Http;

namespace Kasparro.Ingestion.Sources;

/// <summary>A source of assets.</summary>
internal interface ISource
{
    /// <summary>The public name (<see cref="SourceNames"/>).</summary>
    string Name { get; }

    /// <summary>
    /// Whether the other streams are still read if one fails, as with files. If an upstream's server fails for one list, it usually fails
    /// for all, and each further request of a failing run counts against the plan.
    /// </summary>
    bool HasIndependentStreams => false;

    /// <summary>Whether an operator has declared that its lists may have become much shorter.</summary>
    bool MayShrink => false;

    /// <summary>The streams that a run reads, in this order.</summary>
    IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request);
}

/// <summary>A list of records that a source provides, read page by page.</summary>
internal interface ISourceStream
{
    /// <summary>The name of its checkpoint, unique within the source.</summary>
    string Name { get; }

    /// <summary>The display name, for logs and messages.</summary>
    string Title => Name;

    /// <summary>What its records describe of a listing.</summary>
    RecordKind Kind { get; }

    /// <summary>
    /// Whether the next reading continues at the last checkpoint of a completed one, instead of <see cref="ResumePoint.Start"/>: a file
    /// that grew is read from where it ended.
    /// </summary>
    bool ResumesAfterCompletion => false;

    /// <summary>
    /// Whether an interrupted reading resumes at its next page. A list that is sent as one response does not resume, since the upstream may
    /// have reordered it: it is read again from its start, for the same single call, and unchanged records cost next to nothing.
    /// </summary>
    bool ResumesAfterInterruption => true;

    /// <summary>
    /// Whether every record's quote is stored, even if it equals the last one, since a file of quotes is a history itself.
    /// </summary>
    bool KeepsEveryQuote => false;

    /// <summary>
    /// Whether a complete reading contains everything that the source lists, so that a listing that several readings lack is delisted.
    /// </summary>
    bool ListsAll => false;

    /// <summary>Maps a record of a JSON stream, so that rejected records can be read again; null if records are not JSON.</summary>
    Action<JsonElement, RecordBuilder>? Map => null;

    /// <summary>The records' shape, so that drift of rejected records is judged as well; null if no schema is known.</summary>
    ExpectedSchema? Schema => null;

    /// <summary>How long a completed reading stays valid; until then the stream is not read again.</summary>
    TimeSpan MinInterval => TimeSpan.Zero;

    /// <summary>
    /// Reads the pages after <paramref name="from"/>. The enumeration ends with the stream, never earlier without an exception: every
    /// failure is thrown.
    /// </summary>
    /// <exception cref="SourceException">The source's response cannot be read; the message explains why, for operators.</exception>
    /// <exception cref="HttpRequestException">The source could not be reached, even after all retries.</exception>
    IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken);
}

/// <summary>A request for an ingestion.</summary>
/// <param name="Trigger">What started it, one of <see cref="Kasparro.Data.Runs.RunTrigger"/>.</param>
/// <param name="Sources">The sources, by name; empty for all.</param>
/// <param name="File">A CSV file to read instead of the configured ones.</param>
internal sealed record IngestionRequest(string Trigger, IReadOnlyList<string> Sources, string? File = null)
{
    /// <summary>The id of the operator's request that it answers, or null to generate one.</summary>
    public Guid? IngestionId { get; init; }

    /// <summary>The trace of that request, as in the W3C header <c>traceparent</c>, or null if there is none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>An upstream refuses a call, and would refuse it again.</summary>
/// <param name="message">The upstream's reply to the call, and what an operator can do.</param>
/// <param name="kind">Why: what was requested does not exist, the plan does not cover it, or the key or the address is wrong.</param>
internal sealed class UpstreamRefusedException(string message, VerdictKind kind) : SourceException(message)
{
    public VerdictKind Kind => kind;
}

/// <summary>A source's response cannot be read.</summary>
/// <param name="message">What is wrong and where, in a sentence for operators; it becomes the run's error.</param>
/// <param name="inner">The cause, if any.</param>
internal class SourceException(string message, Exception? inner = null) : Exception(message, inner);
