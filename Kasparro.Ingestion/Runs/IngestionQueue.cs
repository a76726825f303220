using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Decides what a worker reads next: first what an operator requested, then the sources that are due, including changed CSV files.
/// </summary>
internal sealed class IngestionQueue(IngestionOrderStore orders, SourceSchedule schedule)
{
    private volatile bool _filesChanged;

    /// <summary>Notes that CSV files have changed; they are read as soon as the worker is free.</summary>
    public void NoteChangedFiles() => _filesChanged = true;

    /// <summary>The next ingestion, which remains the next one until its runs have been opened.</summary>
    public async Task<QueuedIngestion> PeekAsync(CancellationToken cancellationToken)
    {
        if (await orders.FindWaitingAsync(cancellationToken) is { } request)
        {
            return new(request, TimeSpan.Zero);
        }

        var (due, wait) = await schedule.FindDueAsync(cancellationToken);
        IReadOnlyList<string> sources = _filesChanged && !due.Contains(SourceNames.Csv, StringComparer.Ordinal)
            ? [.. due, SourceNames.Csv]
            : due;
        return sources.Count > 0 ? new(new(RunTrigger.Schedule, sources), TimeSpan.Zero) : new(null, wait);
    }

    /// <summary>Notes that a request is about to be read; a file that changes from now on counts as a new change.</summary>
    public void Begin(IngestionRequest request)
    {
        if (request.Sources.Count == 0 || request.Sources.Contains(SourceNames.Csv, StringComparer.Ordinal))
        {
            _filesChanged = false;
        }
    }
}

/// <summary>The next ingestion.</summary>
/// <param name="Request">What to read, or null if nothing is due.</param>
/// <param name="Wait">How long until something is due.</param>
internal sealed record QueuedIngestion(IngestionRequest? Request, TimeSpan Wait);
