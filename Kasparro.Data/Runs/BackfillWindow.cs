namespace Kasparro.Data.Runs;

/// <summary>A part of a backfill that one call to an upstream reads. It is closed in the transaction that stores its quotes.</summary>
public sealed class BackfillWindow
{
    /// <summary>
    /// SQL: the progress of backfills, <c>$1</c>: <c>backfill_id</c>, <c>windows</c>, <c>closed</c>, <c>failed</c>, <c>points</c>,
    /// <c>written</c>, <c>dropped</c> and <c>seconds_left</c>, at the pace of the last 20 windows; null before the first.
    /// </summary>
    public const string ProgressSql = """
        SELECT t.*, CASE WHEN t.windows = t.closed THEN 0 ELSE ((t.windows - t.closed) * p.seconds)::float8 END AS seconds_left
        FROM (
            SELECT backfill_id, count(*) AS windows, count(closed_at) AS closed,
                   count(*) FILTER (WHERE closed_at IS NOT NULL AND error IS NOT NULL) AS failed,
                   sum(points) AS points, sum(written) AS written, sum(dropped) AS dropped
            FROM backfill_windows WHERE backfill_id = ANY ($1) GROUP BY backfill_id) AS t
        LEFT JOIN (
            SELECT backfill_id, extract(epoch FROM max(closed_at) - min(closed_at)) / nullif(count(*) - 1, 0) AS seconds
            FROM (SELECT backfill_id, closed_at, row_number() OVER (PARTITION BY backfill_id ORDER BY closed_at DESC) AS back
                  FROM backfill_windows WHERE backfill_id = ANY ($1) AND closed_at IS NOT NULL) AS latest
            WHERE back <= 20 GROUP BY backfill_id) AS p ON p.backfill_id = t.backfill_id
        """;

    /// <summary>The backfill.</summary>
    public Guid BackfillId { get; init; }

    /// <summary>The position in the backfill, from 0.</summary>
    public int Position { get; init; }

    /// <summary>The listing whose prices are read.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The source to read.</summary>
    public required string Source { get; init; }

    /// <summary>The source's id of the listing.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The start of the window.</summary>
    public DateTimeOffset StartsAt { get; init; }

    /// <summary>The end of the window.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>The number of readings that failed.</summary>
    public int Attempts { get; set; }

    /// <summary>The time at which it was closed, that is, read or given up (<see cref="Error"/>); null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; set; }

    /// <summary>The run that closed it.</summary>
    public Guid? RunId { get; set; }

    /// <summary>The number of usable prices that the source sent.</summary>
    public int Points { get; set; }

    /// <summary>The number of prices that were new or differed from the stored ones.</summary>
    public int Written { get; set; }

    /// <summary>The number of points that could not be used.</summary>
    public int Dropped { get; set; }

    /// <summary>Why its last reading failed, in a sentence for operators; null if it did not fail.</summary>
    public string? Error { get; set; }
}
