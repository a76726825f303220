using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Runs;

/// <summary>Section <c>Retention</c>: how long history is kept. Of raw records and quotes whole months go, and only when the last of their rows is older.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Retention";

    /// <summary>What the sources sent, verbatim; null keeps it for ever.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? RawRecords { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// The price history; null, the default, keeps it for ever: a dormant coin's quote is years old on the day it is loaded.
    /// </summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? Quotes { get; set; }

    /// <summary>
    /// Which assets each version of the catalogue changed (16 bytes an asset): how long a client of <c>/changes</c> may stay away before it has to
    /// read everything anew.
    /// </summary>
    [Range(typeof(TimeSpan), "01:00:00", "36500.00:00:00")]
    public TimeSpan Changes { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long the checkpoint of a CSV file outlives the last run that found the file; when it comes back later, it is read from its start.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan? CsvCheckpoints { get; set; } = TimeSpan.FromDays(90);

    /// <summary>From one look for old partitions to the next.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromDays(1);
}
