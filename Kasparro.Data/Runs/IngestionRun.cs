namespace Kasparro.Data.Runs;

/// <summary>One source's part of one ingestion: what was read, what became of it, and how it ended.</summary>
public sealed class IngestionRun
{
    /// <summary>Time-ordered (UUID version 7).</summary>
    public Guid RunId { get; init; }

    /// <summary>The ingestion that this run is a part of: the sources of one ingestion share it.</summary>
    public Guid IngestionId { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>Who asked: <c>schedule</c>, <c>command</c>, <c>request</c>, <c>replay</c> (rejected records) or <c>backfill</c>.</summary>
    public required string Trigger { get; init; }

    /// <summary>What stood behind the upstream: <c>live</c>, <c>simulated</c> or <c>recorded</c>.</summary>
    public required string Upstreams { get; init; }

    /// <summary>One of <see cref="RunStatus"/>.</summary>
    public required string Status { get; set; }

    /// <summary>The fencing token under which it wrote.</summary>
    public long FencingToken { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Pages committed.</summary>
    public int Pages { get; set; }

    /// <summary>Records read from the source: the sum of the five counts below.</summary>
    public long RecordsRead { get; set; }

    /// <summary>Records that made a new listing.</summary>
    public long Inserted { get; set; }

    /// <summary>Records that changed a listing.</summary>
    public long Updated { get; set; }

    /// <summary>Records whose content was already known.</summary>
    public long Unchanged { get; set; }

    /// <summary>Records that a later one of the same page with the same id replaced.</summary>
    public long Duplicates { get; set; }

    /// <summary>Records that went to <c>rejected_records</c>.</summary>
    public long Rejected { get; set; }

    /// <summary>Records that carry prices: those of the streams of quotes, valid ones only. The five values below are of them.</summary>
    public long Quoted { get; set; }

    /// <summary>Quoted records with a price.</summary>
    public long Priced { get; set; }

    /// <summary>Quoted records with a market capitalisation.</summary>
    public long WithMarketCap { get; set; }

    /// <summary>Quoted records with a volume.</summary>
    public long WithVolume { get; set; }

    /// <summary>Quoted records with a price above zero: those that <see cref="LogPriceSum"/> sums up.</summary>
    public long PositivePrices { get; set; }

    /// <summary>
    /// The sum of the decimal logarithms of their prices in USD; over <see cref="PositivePrices"/>, the run's price level.
    /// </summary>
    public double LogPriceSum { get; set; }

    /// <summary>
    /// The first page of quotes that it read, from 0: above 0, it continued where another had stopped. Null before the first.
    /// </summary>
    public int? FromPage { get; set; }

    /// <summary>The page of quotes after the last that it committed; null before the first.</summary>
    public int? ToPage { get; set; }

    /// <summary>
    /// Milliseconds spent on loading pages; the rest was spent on waiting for the source. Null while it runs, and where its worker died.
    /// </summary>
    public double? LoadMs { get; set; }

    /// <summary>Calls made to the upstream, retries included; 0 for files. Null while it runs, and where its worker died.</summary>
    public int? UpstreamCalls { get; set; }

    /// <summary>The time of the earliest quote that it wrote; null where it wrote none.</summary>
    public DateTimeOffset? QuotesFrom { get; set; }

    /// <summary>The time of the latest quote that it wrote; null where it wrote none.</summary>
    public DateTimeOffset? QuotesUntil { get; set; }

    /// <summary>When candles had been made of all of its quotes; null until then.</summary>
    public DateTimeOffset? RolledUpAt { get; set; }

    /// <summary>The source's id of the last record committed.</summary>
    public string? LastExternalId { get; set; }

    /// <summary>Why it failed, in a sentence for operators; no secret, no stack trace.</summary>
    public string? Error { get; set; }
}

/// <summary>How a run stands.</summary>
public static class RunStatus
{
    /// <summary>It runs. At most one row of the whole table says so: a unique index sees to it.</summary>
    public const string Running = "running";

    /// <summary>Every page was committed.</summary>
    public const string Completed = "completed";

    /// <summary>The source or the load failed; whole pages are in.</summary>
    public const string Failed = "failed";

    /// <summary>Its worker died; the next one found it so.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>It was asked to stop and stopped after a whole page.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Another worker took over; this one's last page was refused.</summary>
    public const string LostLock = "lost_lock";
}
