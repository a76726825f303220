using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Rollups;

/// <summary>
/// The section <c>Retention</c>: how long history is kept. Quotes and hourly candles are dropped in whole weeks, raw pages in whole days,
/// and only once all of the period is older than the setting. Daily candles are kept.
/// </summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>How long the sources' raw data is kept, in compressed form; null keeps all of it.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? RawPages { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How long individual quotes are kept; null keeps all of them. They are dropped only once candles have been made from them, and daily
    /// candles are kept, so the price of each day is never lost.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Quotes { get; set; } = TimeSpan.FromDays(14);

    /// <summary>
    /// How long hourly candles are kept; null keeps all of them. History that is already older when it is loaded becomes daily candles
    /// directly.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? HourlyCandles { get; set; } = TimeSpan.FromDays(45);

    /// <summary>
    /// How long the changes of each catalogue version are kept: the ids of the assets that it changed (16 bytes each). A client of
    /// <c>/changes</c> that stays away longer has to read everything again.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan Changes { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// How long the checkpoint of a CSV file is kept after the last run that found the file; a file that comes back later is read from the
    /// start. Null keeps it.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? CsvCheckpoints { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long runs, finished backfills and operators' requests for runs are kept; null keeps them. Each source's last run and last
    /// completed run are always kept.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Runs { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long rejected records are kept after they were last seen with different content; null keeps them. Records that are still
    /// rejected are stored again.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? RejectedRecords { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long schema drifts are kept; null keeps them.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? SchemaDrifts { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The interval between two checks for old data.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);
}
