using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>How one ingestion ended.</summary>
/// <param name="LockedOut">Another ingestion was running; nothing was read.</param>
/// <param name="Sources">How each source's run ended.</param>
internal sealed record IngestionOutcome(bool LockedOut, IReadOnlyList<SourceOutcome> Sources)
{
    /// <summary>The outcome of an ingestion that found another at work.</summary>
    public static IngestionOutcome OfLockedOut { get; } = new(true, []);

    /// <summary>The outcome of an ingestion that found nothing to read.</summary>
    public static IngestionOutcome Nothing { get; } = new(false, []);

    public bool Succeeded => !LockedOut && Sources.All(source => source.Status == RunStatus.Completed);
}

/// <summary>How one source's run ended.</summary>
internal sealed record SourceOutcome(string Source, string Status, PageOutcome Totals, string? Error)
{
    /// <summary>Whether the run and its end are in the database, which the schedule goes by.</summary>
    public bool IsRecorded { get; init; }

    /// <summary>What became of the records of each stream that had some.</summary>
    public IReadOnlyList<StreamOutcome> Streams { get; init; } = [];

    /// <summary>The error of a run of which several streams failed.</summary>
    public static string Describe(List<string> failures)
    {
        const int Shown = 5;
        var shown = string.Join(" ", failures.Take(Shown));
        return failures.Count > Shown ? $"{shown} And {failures.Count - Shown} more, in the log." : shown;
    }
}

/// <summary>What became of one stream's records.</summary>
/// <param name="Title">The name that people know the stream by; a file's name.</param>
/// <param name="Totals">The counts.</param>
internal sealed record StreamOutcome(string Title, PageOutcome Totals);

/// <summary>A page was committed.</summary>
/// <param name="Source">The source.</param>
/// <param name="Stream">Its stream, by the name that people know it by.</param>
/// <param name="Pages">Pages of this run so far.</param>
/// <param name="Totals">The run's counts so far.</param>
/// <param name="Fraction">How much of the stream has been read, 0–1, where it is known how long it is.</param>
internal readonly record struct IngestionProgress(string Source, string Stream, int Pages, PageOutcome Totals, double? Fraction);
