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
    /// The command that reads rejected records again. Such a run reads no source, so it says nothing about how fresh the source's data is.
    /// </summary>
    public const string Replay = "replay";

    /// <summary>Past prices: such a run says nothing about how fresh the source's data is either.</summary>
    public const string Backfill = "backfill";

    /// <summary>SQL: the triggers of runs that did not read what the source says now.</summary>
    public const string NotOfNow = $"('{Replay}', '{Backfill}')";
}
