using System.ComponentModel;

namespace Kasparro.Api.Stats;

[Description("What the ingestion has done so far.")]
internal sealed record StatsResponse(
    [property: Description("Records read from all sources in all runs.")] long RecordsProcessed,
    [property: Description(
        "When a run that reads a source last completed, UTC; null before the first. Replays of rejected records do not count.")]
        DateTime? LastSuccess,
    [property: Description("When a run that reads a source last failed, was interrupted or lost its lock, UTC; null before the first.")]
    DateTime? LastFailure,
    [property: Description("What the newest run read from: live, simulated or recorded upstreams; null before the first.")]
    string? Upstreams,
    [property: Description("Each source's newest run that read it; a source that never ran is here too.")]
    IReadOnlyDictionary<string, SourceStats> Sources,
    [property: Description("How many calls to each upstream are left, as the worker counts them; null while Redis does not respond.")]
    IReadOnlyDictionary<string, UpstreamCalls>? UpstreamCalls)
{
    public static StatsResponse Example { get; } = new(
        48_024, new(2026, 11, 20, 12, 0, 41, DateTimeKind.Utc), LastFailure: null, "live",
        new Dictionary<string, SourceStats>(StringComparer.Ordinal)
        {
            [SourceNames.CoinPaprika] = new(
                "zyx-zyx", new(2026, 11, 20, 12, 0, 31, DateTimeKind.Utc), "completed", new("0199a7b0-5a3e-7c11-8b1a-2f5d3c6e7f80"), 47_030,
                31_500, 600.2, 0.98,
                31_200, 35_900),
            [SourceNames.CoinGecko] = new(
                "zyro", new(2026, 11, 20, 12, 0, 41, DateTimeKind.Utc), "completed", new("0199a7b0-d54a-7d02-9e6c-51a1b3c4d5e6"), 984,
                9_100, 591, 1, 9_050.5, 11_300),
            [SourceNames.Csv] = SourceStats.NeverRun,
        },
        new Dictionary<string, UpstreamCalls>(StringComparer.Ordinal)
        {
            [SourceNames.CoinPaprika] = new(60, 58, 20_000, 18_730),
            [SourceNames.CoinGecko] = new(10, 0, 10_000, 8_460),
        });
}

[Description("How many calls to an upstream are left.")]
internal sealed record UpstreamCalls(
    [property: Description("The most calls a minute; null before the first call, or without a limit.")] long? MinuteLimit,
    [property: Description("Calls left in this minute.")] long? LeftThisMinute,
    [property: Description("The most calls a month (UTC); null before the first live call, or without a limit.")] long? MonthLimit,
    [property: Description("Calls left in this month.")] long? LeftThisMonth);

[Description("A source's newest run that read it.")]
internal sealed record SourceStats(
    [property: Description("The source's id of the record committed last.")] string? LastProcessedId,
    [property: Description("When that record was committed, UTC.")] DateTime? LastProcessedAt,
    [property: Description("never_run, running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("The newest run.")] Guid? RunId,
    [property: Description("Records that this run has read.")] long? RecordsProcessed,
    [property: Description("How long the run took, or has taken so far, in milliseconds.")] double? DurationMs,
    [property: Description("Seconds since a run last completed; null before the first.")] double? FreshnessSeconds,
    [property: Description(
        "The share of the last 50 ended runs that completed, 0 to 1, without those that an operator stopped; null before the first.")]
    double? SuccessRate,
    [property: Description("The median duration of the completed runs, in milliseconds.")] double? DurationP50Ms,
    [property: Description("The 95th percentile of their durations, by the nearest rank.")] double? DurationP95Ms)
{
    public const int RecentRuns = 50;

    public static SourceStats NeverRun { get; } = new(null, null, "never_run", null, null, null, null, null, null, null);
}
