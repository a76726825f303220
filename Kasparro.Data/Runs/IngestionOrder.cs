namespace Kasparro.Data.Runs;

/// <summary>An operator's request for an ingestion, waiting for a worker to take it.</summary>
public sealed class IngestionOrder
{
    /// <summary>The channel on which PostgreSQL notifies waiting workers of a new order.</summary>
    public const string Channel = "kasparro_ingestion_orders";

    /// <summary>
    /// Adds an order and notifies the workers, unless a run is active (except a backfill, which yields) or another order is waiting:
    /// <c>$1</c> its id, <c>$2</c> its source, <c>$3</c> its time, <c>$4</c> its trace. Returns one row with the id if it was added,
    /// otherwise none.
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

    /// <summary>The id of the ingestion, which its runs have as <see cref="IngestionRun.IngestionId"/>.</summary>
    public Guid IngestionId { get; init; }

    /// <summary>The only source to read (<see cref="SourceNames"/>); null for all.</summary>
    public string? Source { get; init; }

    /// <summary>The time of the order.</summary>
    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>
    /// The trace of the request, as in W3C's <c>traceparent</c> header, which becomes the parent of the worker's spans; null if the request
    /// was not traced.
    /// </summary>
    public string? TraceParent { get; init; }

    /// <summary>
    /// The time at which a worker took it; null while it waits. A unique index ensures that at most one order in the whole table waits.
    /// </summary>
    public DateTimeOffset? TakenAt { get; set; }
}
