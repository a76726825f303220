namespace Kasparro.Ingestion.Runs;

/// <summary>The log lines of an ingestion.</summary>
internal static partial class IngestionLog
{
    [LoggerMessage(LogLevel.Information, "Locked out: another ingestion is running.")]
    public static partial void LockedOut(ILogger logger);

    [LoggerMessage(LogLevel.Warning, "{Source}: another worker took over before the run could start.")]
    public static partial void LostBeforeStart(ILogger logger, string source);

    [LoggerMessage(LogLevel.Warning, "Partitions could not be made ahead of need; the next ingestion tries again: {Reason}")]
    public static partial void PartitionsWait(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Warning, "Operators' files and token lists are left to the next ingestion: {Reason}")]
    public static partial void ReferencesWait(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: the run could not be opened: {Reason}")]
    public static partial void NotStarted(ILogger logger, string source, string reason);

    [LoggerMessage(LogLevel.Information, "{Source}: run {RunId} started.")]
    public static partial void Started(ILogger logger, string source, Guid runId);

    [LoggerMessage(LogLevel.Error, "{Source}/{Stream}: failed, which keeps no other from being read: {Reason}")]
    public static partial void StreamFailed(ILogger logger, string source, string stream, string reason);

    [LoggerMessage(LogLevel.Information, "{Source}/{Stream}: resumed at page {Page}.")]
    public static partial void Resumed(ILogger logger, string source, string stream, int page);

    [LoggerMessage(LogLevel.Information,
        "{Source}/{Stream}: page {Page} committed: {Inserted} new, {Updated} changed, {Unchanged} unchanged, {Rejected} rejected.")]
    public static partial void PageLoaded(
        ILogger logger, string source, string stream, int page, int inserted, int updated, int unchanged, int rejected);

    [LoggerMessage(LogLevel.Information,
        "{Source}/{Stream}: read: {Inserted} new, {Updated} changed, {Unchanged} unchanged, {Duplicates} duplicates, {Rejected} rejected.")]
    private static partial void StreamRead(
        ILogger logger, string source, string stream, int inserted, int updated, int unchanged, int duplicates, int rejected);

    /// <summary>Logs the outcome of a stream's records, unless it had none.</summary>
    public static void StreamRead(ILogger logger, string source, StreamOutcome? stream)
    {
        if (stream is { Totals: var sum })
        {
            StreamRead(logger, source, stream.Title, sum.Inserted, sum.Updated, sum.Unchanged, sum.Duplicates, sum.Rejected);
        }
    }

    [LoggerMessage(LogLevel.Information,
        "{Source}: {Status}: {Inserted} new, {Updated} changed, {Unchanged} unchanged, {Duplicates} duplicates, {Rejected} rejected.")]
    public static partial void Ended(
        ILogger logger, string source, string status, int inserted, int updated, int unchanged, int duplicates, int rejected);

    [LoggerMessage(LogLevel.Error, "{Source}: {Status}: {Reason}")]
    public static partial void Failed(ILogger logger, string source, string status, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: unexpected failure.")]
    public static partial void Unexpected(ILogger logger, Exception exception, string source);

    [LoggerMessage(LogLevel.Error, "Run {RunId} ended ({Status}) but could not be closed: {Reason}")]
    public static partial void NotClosed(ILogger logger, Guid runId, string status, string reason);
}
