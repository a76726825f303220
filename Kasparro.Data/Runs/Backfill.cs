namespace Kasparro.Data.Runs;

/// <summary>
/// Past prices that are to be read from the upstreams: whose, and from when to when. Its runs carry its id as
/// <see cref="IngestionRun.IngestionId"/>.
/// </summary>
public sealed class Backfill
{
    /// <summary>SQL: whether a backfill, <c>b</c>, has anything left to do.</summary>
    public const string IsActive = "b.finished_at IS NULL AND b.cancelled_at IS NULL";

    /// <summary>
    /// Adds a backfill and tells the workers of it: <c>$1</c> its id, <c>$2</c> its origin, <c>$3</c> assets, <c>$4</c> source, <c>$5</c>
    /// number of assets, <c>$6</c> and <c>$7</c> its bounds, <c>$8</c> its time, <c>$9</c> its trace.
    /// </summary>
    public const string InsertSql = $"""
        WITH ordered AS (
            INSERT INTO backfills (backfill_id, origin, asset_ids, source, top, starts_at, ends_at, ordered_at, trace_parent)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT DO NOTHING)
        SELECT pg_notify('{IngestionOrder.Channel}', '')
        """;

    /// <summary>Time-ordered (UUID version 7).</summary>
    public Guid BackfillId { get; init; }

    /// <summary>One of <see cref="BackfillOrigin"/>.</summary>
    public required string Origin { get; init; }

    /// <summary>The assets; null for those that <see cref="Top"/> and <see cref="Source"/> say.</summary>
    public Guid[]? AssetIds { get; init; }

    /// <summary>The one source to ask; null for the best of each asset.</summary>
    public string? Source { get; init; }

    /// <summary>How many assets, by rank; null for all.</summary>
    public int? Top { get; init; }

    /// <summary>From when on prices are wanted.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>Up to when.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>When it was ordered.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>The trace of the request that ordered it, as in W3C's header <c>traceparent</c>; null where there is none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When it was cut into windows; null before.</summary>
    public DateTimeOffset? PlannedAt { get; set; }

    /// <summary>When its last window was closed; null before.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>When an operator cancelled it; null where none did.</summary>
    public DateTimeOffset? CancelledAt { get; set; }

    /// <summary>Why it cannot be done, in a sentence for operators; null where it can.</summary>
    public string? Error { get; set; }
}

/// <summary>The values of <see cref="Backfill.Origin"/>: why prices are read.</summary>
public static class BackfillOrigin
{
    /// <summary>An operator's <c>POST /backfills</c>.</summary>
    public const string Request = "request";

    /// <summary>The first complete catalogue.</summary>
    public const string FirstStart = "first_start";

    /// <summary>No run of the source read prices for a while.</summary>
    public const string Gap = "gap";
}
