using System.Diagnostics;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Backfills;

/// <summary>An open window, which one call reads.</summary>
internal sealed record BackfillPart(
    Guid BackfillId, int Position, Guid ListingId, string Source, string ExternalId, HistoryWindow Window, string? TraceParent);

/// <summary>A backfill that has not been divided into windows yet.</summary>
internal sealed record UnplannedBackfill(
    Guid BackfillId, Guid[]? AssetIds, string? Source, int? Top, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A listing to backfill.</summary>
internal sealed record BackfilledListing(Guid ListingId, string Source, string ExternalId);

/// <summary>The progress of a backfill.</summary>
internal sealed record BackfillProgress(long Closed, long Windows, long Points, TimeSpan? TimeLeft);

/// <summary>A run of a backfill, which reads windows of one source until a source is due.</summary>
internal sealed record BackfillRun(ActiveRun Run, Guid BackfillId, long Began, int CallsBefore, Activity? Span)
{
    public int Windows { get; set; }

    public int Written { get; set; }

    public TimeSpan Loading { get; set; }

    /// <summary>Whether a window belongs to this run.</summary>
    public bool IsOf(BackfillPart part) => part.BackfillId == BackfillId && part.Source == Run.Source;
}
