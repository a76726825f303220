using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Rollups;

/// <summary>
/// The section <c>Retention</c>: how long history is kept. Of quotes and hourly candles whole weeks go, of raw pages whole days, and only
/// when the last of their rows is older. Daily candles stay.
/// </summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>What the sources sent, compressed; null keeps all of it.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? RawPages { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Every single quote; null keeps all of them. They go only once candles have been made of them, and the daily ones stay: a price for
    /// every day is never lost.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Quotes { get; set; } = TimeSpan.FromDays(14);

    /// <summary>Hourly candles; null keeps all of them. History that is older when it is loaded becomes daily candles at once.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? HourlyCandles { get; set; } = TimeSpan.FromDays(45);

    /// <summary>
    /// Which assets each version of the catalogue changed (16 bytes an asset): how long a client of <c>/changes</c> may stay away before it
    /// has to read everything again.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan Changes { get; set; } = TimeSpan.FromDays(3);

    /// <summary>
    /// How long the checkpoint of a CSV file outlives the last run that found the file; when it comes back later, it is read from its
    /// start.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? CsvCheckpoints { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Runs, and the requests of operators that led to some; null keeps them. The last run of each source, and its last completed one,
    /// stay.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Runs { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Rejected records, from when they were last seen with other content; null keeps them. What is still rejected comes back.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? RejectedRecords { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Schema drifts; null keeps them.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? SchemaDrifts { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The time from one look for what is old to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);
}
