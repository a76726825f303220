namespace Kasparro.Data.Runs;

/// <summary>
/// A job that reads past prices of some assets, over a range of time, from the upstreams. Its runs have its id as
/// <see cref="IngestionRun.IngestionId"/>.
/// </summary>
public sealed class Backfill
{
    /// <summary>SQL: the condition for a backfill, <c>b</c>, that has not ended.</summary>
    public const string IsActive = "b.finished_at IS NULL AND b.cancelled_at IS NULL";

    /// <summary>
    /// Adds a backfill and notifies the workers: <c>$1</c> its id, <c>$2</c> its origin, <c>$3</c> assets, <c>$4</c> source, <c>$5</c>
    /// number of assets, <c>$6</c> and <c>$7</c> its bounds, <c>$8</c> its time, <c>$9</c> its trace.
    /// </summary>
    public const string InsertSql = $"""
        WITH ordered AS (
            INSERT INTO backfills (backfill_id, origin, asset_ids, source, top, starts_at, ends_at, ordered_at, trace_parent)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO NOTHING)
        SELECT pg_notify('{IngestionOrder.Channel}', '')
        """;

    /// <summary>The id, ordered by time (UUID version 7).</summary>
    public Guid BackfillId { get; init; }

    /// <summary>One of <see cref="BackfillOrigin"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>The assets; null for those that <see cref="Top"/> and <see cref="Source"/> select.</summary>
    public Guid[]? AssetIds { get; init; }

    /// <summary>The only source to read; null for the best source of each asset.</summary>
    public string? Source { get; init; }

    /// <summary>The number of top-ranked assets; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>The start of the range.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>The end of the range.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>The time at which it was ordered.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>The trace of the request that ordered it, as in W3C's <c>traceparent</c> header; null if there is none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The time at which it was divided into windows; null before.</summary>
    public DateTimeOffset? PlannedAt { get; set; }

    /// <summary>The time at which its last window was closed; null before.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The time at which an operator cancelled it; null if it was not cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    /// <summary>Why it cannot be done, in a sentence for operators; null if it can.</summary>
    public string? Error { get; set; }
}

/// <summary>The values of <see cref="Backfill.Origin"/>: why a backfill was ordered.</summary>
public static class BackfillOrigin
{
    /// <summary>An operator's <c>POST /backfills</c>.</summary>
    public const string Request = "request";

    /// <summary>The first complete catalogue.</summary>
    public const string FirstStart = "first_start";

    /// <summary>A time in which no run of the source read prices.</summary>
    public const string Gap = "gap";
}
