using System.ComponentModel.DataAnnotations;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Ingestion.Runs;

/// <summary>The section <c>Ingestion</c>: when sources are read, and how concurrent ingestions are handled.</summary>
internal sealed class IngestionOptions
{
    public const string Section = "Ingestion";

    /// <summary>
    /// The time from the start of a completed run of a source to the start of its next run; the upstreams refresh every 5–10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The wait after the first failed run of a source; it doubles with each further failure. Also how often a worker tries again while
    /// Redis or PostgreSQL is unavailable or another worker is active.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest wait after failed runs of a source.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan MaxRetryInterval { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the current page may take after the process is asked to stop; then it is rolled back, and the next run reads it again.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>The maximum age at which a reading is resumed; an older one starts over, since its pages no longer fit together.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxResumeAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long the run lock outlives a worker that died; a live worker keeps extending it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LockExpiry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What a worker does when another worker is active.</summary>
    public LockedOutBehavior WhenLockedOut { get; set; } = LockedOutBehavior.Wait;
}

/// <summary>What a worker does when another worker is active.</summary>
internal enum LockedOutBehavior
{
    /// <summary>Tries again after <see cref="IngestionOptions.RetryInterval"/>.</summary>
    Wait,

    /// <summary>Ends, with exit code <see cref="ExitCodes.LockedOut"/>.</summary>
    Exit,
}

/// <summary>The exit codes of the process.</summary>
internal static class ExitCodes
{
    /// <summary>Every source completed.</summary>
    public const int Completed = 0;

    /// <summary>At least one source failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = CommandLine.ExitCode;

    /// <summary>Another ingestion is running.</summary>
    public const int LockedOut = 3;

    /// <summary>The configuration has mistakes.</summary>
    public const int Configuration = SettingsException.ExitCode;

    /// <summary>Stopped on request; everything committed is kept.</summary>
    public const int Cancelled = 130;
}
