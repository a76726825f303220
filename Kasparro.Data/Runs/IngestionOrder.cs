namespace Kasparro.Data.Runs;

/// <summary>An operator's wish for an ingestion, until a worker takes it.</summary>
public sealed class IngestionOrder
{
    /// <summary>The channel on which PostgreSQL tells waiting workers of a new order.</summary>
    public const string Channel = "kasparro_ingestion_orders";

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
