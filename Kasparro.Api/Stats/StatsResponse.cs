using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Stats;

/// <summary>What the ingestion has done so far.</summary>
[Description("What the ingestion has done so far.")]
internal sealed record StatsResponse(
    [property: Description("Records read from all sources in all runs.")] long RecordsProcessed,
    [property: Description("When a run last completed, UTC; null before the first.")] DateTime? LastSuccess,
    [property: Description("When a run last failed, was interrupted or lost its lock, UTC; null before the first.")] DateTime? LastFailure,
    [property: Description("What stood behind the upstreams in the newest run: live, simulated or recorded; null before the first.")] string? Upstreams,
    [property: Description("Each source's newest run; a source that never ran is here too.")] IReadOnlyDictionary<string, SourceStats> Sources);

/// <summary>A source's newest run.</summary>
[Description("A source's newest run.")]
internal sealed record SourceStats(
    [property: Description("The source's id of the record committed last.")] string? LastProcessedId,
    [property: Description("When that record was committed, UTC.")] DateTime? LastProcessedAt,
    [property: Description("never_run, running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("The newest run.")] Guid? RunId,
    [property: Description("Records that this run has read.")] long? RecordsProcessed,
    [property: Description("How long the run took, or has been taking, in milliseconds.")] double? DurationMs)
{
    public static SourceStats NeverRun { get; } = new(null, null, "never_run", null, null, null);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatsResponse))]
internal sealed partial class StatsJson : JsonSerializerContext;
