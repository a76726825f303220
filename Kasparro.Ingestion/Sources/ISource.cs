using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources;

/// <summary>One place that assets come from.</summary>
internal interface ISource
{
    /// <summary>The public name (<see cref="SourceNames"/>).</summary>
    string Name { get; }

    /// <summary>
    /// Whether the failure of one stream leaves the others to be read: so it is with files. What an upstream's server does to one list it
    /// mostly does to all, and each further request of a failing run counts against its plan.
    /// </summary>
    bool HasIndependentStreams => false;

    /// <summary>Whether an operator has said that its lists may have become much shorter.</summary>
    bool MayShrink => false;

    /// <summary>The streams that one run reads, in this order.</summary>
    IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request);
}

/// <summary>One list of records that a source offers, read page by page.</summary>
internal interface ISourceStream
{
    /// <summary>The name under which its checkpoint is kept, unique within the source.</summary>
    string Name { get; }

    /// <summary>The name that people know it by, in logs and messages.</summary>
    string Title => Name;

    /// <summary>What its records say of a listing.</summary>
    RecordKind Kind { get; }

    /// <summary>
    /// Whether a completed reading's last checkpoint is handed to the next one (a file that grew is continued where it ended), instead of
    /// <see cref="ResumePoint.Start"/>.
    /// </summary>
    bool ResumesAfterCompletion => false;

    /// <summary>
    /// Whether a reading that broke off is resumed at its next page. A list that comes as one response is not: its order is the upstream's,
    /// and may have changed. It is read again from its start, for the same one call, and what is known already costs next to nothing.
    /// </summary>
    bool ResumesAfterInterruption => true;

    /// <summary>
    /// Whether each record's quote goes to the history, also one that says what the last one said: a file of quotes is a history itself.
    /// </summary>
    bool KeepsEveryQuote => false;

    /// <summary>
    /// Whether a reading from the first page to the last has all that the source lists: what several of them lack is delisted.
    /// </summary>
    bool ListsAll => false;

    /// <summary>
    /// How a record of a JSON stream is mapped, so that rejected ones can be read again; null where records are not JSON.
    /// </summary>
    Action<JsonElement, RecordBuilder>? Map => null;

    /// <summary>The records' shape, so that drift of rejected ones is judged too; null where no schema is known.</summary>
    ExpectedSchema? Schema => null;

    /// <summary>How long a completed reading is good for: until then the stream is not read again.</summary>
    TimeSpan MinInterval => TimeSpan.Zero;

    /// <summary>
    /// Reads the pages after <paramref name="from"/>. The enumeration ends when the stream does; it never ends early in silence:
    /// everything that goes wrong is thrown.
    /// </summary>
    /// <exception cref="SourceException">The source answered with something that cannot be read; the message says what, for
    /// operators.</exception>
    /// <exception cref="HttpRequestException">The source could not be reached, after all retries.</exception>
    IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken);
}

/// <summary>What one ingestion is to read.</summary>
/// <param name="Trigger">What started it, one of <see cref="Kasparro.Data.Runs.RunTrigger"/>.</param>
/// <param name="Sources">The sources, by name; empty for all.</param>
/// <param name="File">A CSV file to read in place of the configured ones.</param>
internal sealed record IngestionRequest(string Trigger, IReadOnlyList<string> Sources, string? File = null)
{
    /// <summary>The id of the operator's request that it answers; null draws one.</summary>
    public Guid? IngestionId { get; init; }

    /// <summary>The trace of that request, as in W3C's header <c>traceparent</c>; null where there is none.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>An upstream refuses a call, and will refuse it again.</summary>
/// <param name="message">What it said of which call, and what an operator can do.</param>
/// <param name="isOfTheAsked">Whether there is no such coin; else the plan does not cover the call.</param>
internal sealed class UpstreamRefusedException(string message, bool isOfTheAsked) : SourceException(message)
{
    /// <summary>Whether what was asked for is refused (there is no such coin), and not the plan.</summary>
    public bool IsOfTheAsked => isOfTheAsked;
}

/// <summary>A source answered with something that cannot be read.</summary>
/// <param name="message">What and where, in a sentence for operators: it becomes the run's error.</param>
/// <param name="inner">The cause, where there is one.</param>
internal class SourceException(string message, Exception? inner = null) : Exception(message, inner);
