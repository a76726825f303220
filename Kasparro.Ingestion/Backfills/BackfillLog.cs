namespace Kasparro.Ingestion.Backfills;

/// <summary>The log lines of backfills.</summary>
internal static partial class BackfillLog
{
    [LoggerMessage(LogLevel.Information, "Backfill {BackfillId} ({Origin}): {StartsAt:O} to {EndsAt:O} is to be read.")]
    public static partial void Ordered(ILogger logger, Guid backfillId, string origin, DateTimeOffset startsAt, DateTimeOffset endsAt);

    [LoggerMessage(LogLevel.Information, "Backfill {BackfillId}: {Windows} windows of {Listings} listings.")]
    public static partial void Planned(ILogger logger, Guid backfillId, int windows, int listings);

    [LoggerMessage(LogLevel.Information,
        "{Source}: {ExternalId}: {Points} past prices, {Written} new, {Dropped} dropped; window {Closed} of {Windows} of backfill " +
        "{BackfillId}, {TimeLeft} left.")]
    public static partial void Read(
        ILogger logger, string source, string externalId, int points, int written, int dropped, long closed, long windows, Guid backfillId,
        string timeLeft);

    [LoggerMessage(LogLevel.Warning, "{Source}: {ExternalId} has no past prices and is passed over: {Reason}")]
    public static partial void PassedOver(ILogger logger, string source, string externalId, string reason);

    [LoggerMessage(LogLevel.Error, "{Source}: the backfill run ended ({Status}): {Reason}")]
    public static partial void Failed(ILogger logger, string source, string status, string reason);

    [LoggerMessage(LogLevel.Information, "{Source}: backfills wait: what is left of this month's calls is the schedule's.")]
    public static partial void OverBudget(ILogger logger, string source);

    [LoggerMessage(
        LogLevel.Information, "{Source}: backfill run {RunId} ended ({Status}): {Windows} windows, {Written} past prices written.")]
    public static partial void Ended(ILogger logger, string source, Guid runId, string status, int windows, int written);

    [LoggerMessage(LogLevel.Error, "{Source}: the backfill run ended ({Status}) but could not be closed: {Reason}")]
    public static partial void NotClosed(ILogger logger, string source, string status, string reason);
}
