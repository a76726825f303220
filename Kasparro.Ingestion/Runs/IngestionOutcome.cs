using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>How one ingestion ended.</summary>
/// <param name="LockedOut">Another ingestion was running; nothing was read.</param>
/// <param name="Sources">How each source's run ended.</param>
internal sealed record IngestionOutcome(bool LockedOut, IReadOnlyList<SourceOutcome> Sources)
{
    public static IngestionOutcome OfLockedOut { get; } = new(true, []);

    public bool Succeeded => !LockedOut && Sources.All(source => source.Status == RunStatus.Completed);
}

/// <summary>How one source's run ended.</summary>
internal sealed record SourceOutcome(string Source, string Status, PageOutcome Totals, string? Error);

/// <summary>A page was committed.</summary>
/// <param name="Source">The source.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Pages">Pages of this run so far.</param>
/// <param name="Totals">The run's counts so far.</param>
/// <param name="Fraction">How much of the stream has been read, 0–1, where it is known how long it is.</param>
internal readonly record struct IngestionProgress(string Source, string Stream, int Pages, PageOutcome Totals, double? Fraction);
