namespace Kasparro.Data.Runs;

/// <summary>One source's part of one ingestion: the records that were read, what was done with them, and how it ended.</summary>
public sealed class IngestionRun
{
    /// <summary>The id, ordered by time (UUID version 7).</summary>
    public Guid RunId { get; init; }

    /// <summary>The ingestion that this run is part of; all sources of one ingestion share it.</summary>
    public Guid IngestionId { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>
    /// What started it: <c>schedule</c>, <c>command</c>, <c>request</c>, <c>replay</c> (rejected records) or <c>backfill</c>.
    /// </summary>
    public required string Trigger { get; init; }

    /// <summary>The kind of upstream: <c>live</c>, <c>simulated</c> or <c>recorded</c>.</summary>
    public required string Upstreams { get; init; }

    /// <summary>One of <see cref="RunStatus"/>.</summary>
    public required string Status { get; set; }

    /// <summary>The fencing token that it wrote with.</summary>
    public long FencingToken { get; init; }

    /// <summary>The time at which it started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The time at which it ended; null while it runs.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>The number of committed pages.</summary>
    public int Pages { get; set; }

    /// <summary>The number of records read from the source: the sum of the five counts below.</summary>
    public long RecordsRead { get; set; }

    /// <summary>The number of records that created a listing.</summary>
    public long Inserted { get; set; }

    /// <summary>The number of records that changed a listing.</summary>
    public long Updated { get; set; }

    /// <summary>The number of records whose content was already known.</summary>
    public long Unchanged { get; set; }

    /// <summary>The number of records that were superseded by a later one of the same page with the same id.</summary>
    public long Duplicates { get; set; }

    /// <summary>The number of records that were stored in <c>rejected_records</c>.</summary>
    public long Rejected { get; set; }

    /// <summary>
    /// The number of valid records that carry prices, that is, those of the streams of quotes. The five values below are based on them.
    /// </summary>
    public long Quoted { get; set; }

    /// <summary>The number of quoted records with a price.</summary>
    public long Priced { get; set; }

    /// <summary>The number of quoted records with a market capitalisation.</summary>
    public long WithMarketCap { get; set; }

    /// <summary>The number of quoted records with a volume.</summary>
    public long WithVolume { get; set; }

    /// <summary>The number of quoted records with a price above zero, which <see cref="LogPriceSum"/> sums up.</summary>
    public long PositivePrices { get; set; }

    /// <summary>
    /// The sum of the decimal logarithms of these prices in USD; divided by <see cref="PositivePrices"/>, the run's price level.
    /// </summary>
    public double LogPriceSum { get; set; }

    /// <summary>
    /// The first page of quotes that it read, from 0; above 0 if it continued where another run had stopped. Null before the first page.
    /// </summary>
    public int? FromPage { get; set; }

    /// <summary>The page of quotes after the last one that it committed; null before the first.</summary>
    public int? ToPage { get; set; }

    /// <summary>
    /// The milliseconds spent on loading pages; the rest was spent waiting for the source. Null while it runs, and if its worker died.
    /// </summary>
    public double? LoadMs { get; set; }

    /// <summary>The number of calls to the upstream, including retries; 0 for files. Null while it runs, and if its worker died.</summary>
    public int? UpstreamCalls { get; set; }

    /// <summary>The time of the earliest quote that it wrote; null if it wrote none.</summary>
    public DateTimeOffset? QuotesFrom { get; set; }

    /// <summary>The time of the latest quote that it wrote; null if it wrote none.</summary>
    public DateTimeOffset? QuotesUntil { get; set; }

    /// <summary>The time at which all of its quotes had been rolled up into candles; null until then.</summary>
    public DateTimeOffset? RolledUpAt { get; set; }

    /// <summary>The source's id of the last record committed.</summary>
    public string? LastExternalId { get; set; }

    /// <summary>Why it failed, in a sentence for operators, without secrets and stack traces.</summary>
    public string? Error { get; set; }
}

/// <summary>The states of a run.</summary>
public static class RunStatus
{
    /// <summary>The run is active. A unique index ensures that at most one row in the whole table has this status.</summary>
    public const string Running = "running";

    /// <summary>Every page was committed.</summary>
    public const string Completed = "completed";

    /// <summary>The source or the load failed; all pages before that were committed.</summary>
    public const string Failed = "failed";

    /// <summary>The worker died; the next one noticed.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The run was asked to stop, and stopped after a whole page.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Another worker took over; the last page of this one was refused.</summary>
    public const string LostLock = "lost_lock";
}
