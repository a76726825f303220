using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>The outcome of an ingestion.</summary>
/// <param name="LockedOut">Whether another ingestion was running, so that nothing was read.</param>
/// <param name="Sources">The outcome of each source's run.</param>
internal sealed record IngestionOutcome(bool LockedOut, IReadOnlyList<SourceOutcome> Sources)
{
    /// <summary>The outcome of an ingestion that was locked out by another.</summary>
    public static IngestionOutcome OfLockedOut { get; } = new(true, []);

    /// <summary>The outcome of an ingestion that found nothing to read.</summary>
    public static IngestionOutcome Nothing { get; } = new(false, []);

    public bool Succeeded => !LockedOut && Sources.All(source => source.Status == RunStatus.Completed);
}

/// <summary>The outcome of a source's run.</summary>
internal sealed record SourceOutcome(string Source, string Status, PageOutcome Totals, string? Error)
{
    /// <summary>Whether the run and its end are recorded in the database, on which the schedule is based.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>The outcome of each stream that had records.</summary>
    public IReadOnlyList<StreamOutcome> Streams { get; init; } = [];

    /// <summary>The error of a run in which several streams failed.</summary>
    public static string Describe(List<string> failures)
    {
        const int Shown = 5;
        var shown = string.Join(" ", failures.Take(Shown));
        return failures.Count > Shown ? $"{shown} And {failures.Count - Shown} more, in the log." : shown;
    }
}

/// <summary>The outcome of a stream's records.</summary>
/// <param name="Title">The stream's display name, such as a file name.</param>
/// <param name="Totals">The counts.</param>
internal sealed record StreamOutcome(string Title, PageOutcome Totals);

/// <summary>A committed page, reported as progress.</summary>
/// <param name="Source">The source.</param>
/// <param name="Stream">The display name of its stream.</param>
/// <param name="Pages">The number of pages of this run so far.</param>
/// <param name="Totals">The run's counts so far.</param>
/// <param name="Fraction">The fraction of the stream that has been read, 0–1, or null if its length is unknown.</param>
internal readonly record struct IngestionProgress(string Source, string Stream, int Pages, PageOutcome Totals, double? Fraction);
