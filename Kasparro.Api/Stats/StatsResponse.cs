using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Stats;

/// <summary>What the ingestion has done so far.</summary>
[Description("What the ingestion has done so far.")]
internal sealed record StatsResponse(
    [property: Description("Records read from all sources in all runs.")] long RecordsProcessed,
    [property: Description("When a run that reads a source last completed, UTC; null before the first. Replays of rejected records do not count.")] DateTime? LastSuccess,
    [property: Description("When a run that reads a source last failed, was interrupted or lost its lock, UTC; null before the first.")] DateTime? LastFailure,
    [property: Description("What stood behind the upstreams in the newest run: live, simulated or recorded; null before the first.")] string? Upstreams,
    [property: Description("Each source's newest run that read it; a source that never ran is here too.")] IReadOnlyDictionary<string, SourceStats> Sources,
    [property: Description("How many calls each upstream may still be sent, as the worker counts them; null while Redis does not answer.")]
    IReadOnlyDictionary<string, UpstreamCalls>? UpstreamCalls);

/// <summary>How many calls an upstream may still be sent.</summary>
[Description("How many calls an upstream may still be sent.")]
internal sealed record UpstreamCalls(
    [property: Description("Calls a minute at the most; null before the first call, or without a limit.")] long? MinuteLimit,
    [property: Description("Calls left in this minute.")] long? LeftThisMinute,
    [property: Description("Calls a month (UTC) at the most; null before the first live call, or without a limit.")] long? MonthLimit,
    [property: Description("Calls left in this month.")] long? LeftThisMonth);

/// <summary>A source's newest run.</summary>
[Description("A source's newest run.")]
internal sealed record SourceStats(
    [property: Description("The source's id of the record committed last.")] string? LastProcessedId,
    [property: Description("When that record was committed, UTC.")] DateTime? LastProcessedAt,
    [property: Description("never_run, running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("The newest run.")] Guid? RunId,
    [property: Description("Records that this run has read.")] long? RecordsProcessed,
    [property: Description("How long the run took, or has been taking, in milliseconds.")] double? DurationMs,
    [property: Description("Seconds since a run last completed; null before the first.")] double? FreshnessSeconds,
    [property: Description("The share of the last 50 ended runs that completed, 0 to 1, those that an operator stopped left out; null before the first.")]
    double? SuccessRate,
    [property: Description("The median duration of those that completed, in milliseconds.")] double? DurationP50Ms,
    [property: Description("The 95th percentile of it, by the nearest rank.")] double? DurationP95Ms)
{
    public const int RecentRuns = 50;

    public static SourceStats NeverRun { get; } = new(null, null, "never_run", null, null, null, null, null, null, null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatsResponse))]
internal sealed partial class StatsJson : JsonSerializerContext;
