using System.Diagnostics;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Backfills;

/// <summary>A window that is open: what one call is to read.</summary>
internal sealed record BackfillPart(
    Guid BackfillId, int Position, Guid ListingId, string Source, string ExternalId, HistoryWindow Window, string? TraceParent);

/// <summary>A backfill that is yet to be cut into windows.</summary>
internal sealed record UnplannedBackfill(
    Guid BackfillId, Guid[]? AssetIds, string? Source, int? Top, DateTimeOffset StartsAt, DateTimeOffset EndsAt);

/// <summary>A listing whose past is to be read.</summary>
internal sealed record BackfilledListing(Guid ListingId, string Source, string ExternalId);

/// <summary>How far a backfill has come.</summary>
internal sealed record BackfillProgress(long Closed, long Windows, long Points, TimeSpan? TimeLeft);

/// <summary>A run of a backfill, which reads windows of one source until a source is due.</summary>
internal sealed record BackfillRun(ActiveRun Run, Guid BackfillId, long Began, int CallsBefore, Activity? Span)
{
    public int Windows { get; set; }

    public int Written { get; set; }

    public TimeSpan Loading { get; set; }

    /// <summary>Whether a window is read for this run too.</summary>
    public bool IsOf(BackfillPart part) => part.BackfillId == BackfillId && part.Source == Run.Source;
}
