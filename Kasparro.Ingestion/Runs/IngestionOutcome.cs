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
}

/// <summary>A page was committed.</summary>
/// <param name="Source">The source.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Pages">Pages of this run so far.</param>
/// <param name="Totals">The run's counts so far.</param>
/// <param name="Fraction">How much of the stream has been read, 0–1, where it is known how long it is.</param>
internal readonly record struct IngestionProgress(string Source, string Stream, int Pages, PageOutcome Totals, double? Fraction);
