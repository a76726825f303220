using System.ComponentModel.DataAnnotations;
using Kasparro.Ingestion.Commands;
using Kasparro.ServiceDefaults.Settings;

namespace Kasparro.Ingestion.Runs;

/// <summary>Section <c>Ingestion</c>: when ingestions run, and when one gives way to another.</summary>
internal sealed class IngestionOptions
{
    public const string Section = "Ingestion";

    /// <summary>From the start of one scheduled ingestion to the start of the next; the upstreams refresh every 5–10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The wait after an ingestion in which a source failed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How old a reading may be to be resumed; an older one starts over, since its pages no longer fit together.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxResumeAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long the run lock outlives a worker that died; it is extended while one lives.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LockExpiry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>For tests of recovery: fails each run once it has committed so many pages. Null, the default, never does.</summary>
    [Range(1, int.MaxValue)]
    public int? FailAfterPage { get; set; }

    /// <summary>What a worker does that finds another at work.</summary>
    public LockedOutBehavior WhenLockedOut { get; set; } = LockedOutBehavior.Wait;
}

/// <summary>What a worker does that finds another at work.</summary>
internal enum LockedOutBehavior
{
    /// <summary>Tries again after <see cref="IngestionOptions.RetryInterval"/>.</summary>
    Wait,

    /// <summary>Ends, with exit code <see cref="ExitCodes.LockedOut"/>.</summary>
    Exit,
}

/// <summary>How the process ends, for scripts.</summary>
internal static class ExitCodes
{
    /// <summary>Every source completed.</summary>
    public const int Completed = 0;

    /// <summary>At least one source failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Another ingestion is running.</summary>
    public const int LockedOut = 3;

    /// <summary>The configuration has mistakes.</summary>
    public const int Configuration = SettingsException.ExitCode;

    /// <summary>Stopped on request, after a whole page.</summary>
    public const int Cancelled = 130;
}
