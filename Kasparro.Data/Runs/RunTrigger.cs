namespace Kasparro.Data.Runs;

/// <summary>The values of <see cref="IngestionRun.Trigger"/>: what started a run.</summary>
public static class RunTrigger
{
    /// <summary>The source's schedule, or a CSV file that changed.</summary>
    public const string Schedule = "schedule";

    /// <summary>The command line.</summary>
    public const string Command = "command";

    /// <summary>An operator's <c>POST /ingestions</c>.</summary>
    public const string Request = "request";

    /// <summary>
    /// The command that processes rejected records again. Such a run reads no source, so it does not show how fresh the source's data is.
    /// </summary>
    public const string Replay = "replay";

    /// <summary>A backfill. Such a run does not show how fresh the source's data is, either.</summary>
    public const string Backfill = "backfill";

    /// <summary>SQL: the triggers of runs that did not read the source's current data.</summary>
    public const string NotOfNow = $"('{Replay}', '{Backfill}')";
}
