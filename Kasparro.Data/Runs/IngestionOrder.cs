namespace Kasparro.Data.Runs;

/// <summary>An operator's wish for an ingestion, until a worker takes it.</summary>
public sealed class IngestionOrder
{
    /// <summary>The channel on which PostgreSQL tells waiting workers of a new order.</summary>
    public const string Channel = "kasparro_ingestion_orders";

    /// <summary>
    /// Adds an order and tells the workers of it, unless a run runs (a backfill gives way) or another order waits: <c>$1</c> its id,
    /// <c>$2</c> its source, <c>$3</c> its time, <c>$4</c> its trace. One row with the id where it was added, else none.
    /// </summary>
    public const string InsertSql = $"""
        WITH ordered AS (
            INSERT INTO ingestion_orders (ingestion_id, source, ordered_at, trace_parent)
            SELECT $1, $2, $3, $4 WHERE NOT EXISTS (
                SELECT FROM ingestion_runs WHERE status = '{RunStatus.Running}' AND trigger <> '{RunTrigger.Backfill}')
            ON CONFLICT DO NOTHING
            RETURNING ingestion_id)
        SELECT ingestion_id, pg_notify('{Channel}', '') FROM ordered
        """;

    /// <summary>The id that the ingestion gets: its runs carry it as <see cref="IngestionRun.IngestionId"/>.</summary>
    public Guid IngestionId { get; init; }

    /// <summary>The one source to read (<see cref="SourceNames"/>); null for all.</summary>
    public string? Source { get; init; }

    /// <summary>When it was given.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>
    /// The trace of the request that gave it, as in W3C's header <c>traceparent</c>: the worker's spans are below the request's; null where
    /// that was not traced.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// When a worker took it; null while it waits. At most one order of the whole table waits: a unique index sees to it.
    /// </summary>
    public DateTimeOffset? TakenAt { get; set; }
}
