using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Runs;

[Description("Runs, the newest first.")]
internal sealed record RunPage(
    [property: Description("At most limit runs.")] IReadOnlyList<RunSummary> Runs,
    [property: Description("The cursor of the next page; null on the last.")] string? NextCursor);

[Description("One source's part of one ingestion.")]
internal sealed record RunSummary(
    [property: Description("The run's id.")] Guid RunId,
    [property: Description("The ingestion that it is a part of: the sources of one ingestion share it.")] Guid IngestionId,
    [property: Description("coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("Who asked: schedule, command, request, or replay of rejected records.")] string Trigger,
    [property: Description("What stood behind the upstream: live, simulated or recorded.")] string Upstreams,
    [property: Description("running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("When it started, UTC.")] DateTime StartedAt,
    [property: Description("When it ended, UTC; null while it runs.")] DateTime? FinishedAt,
    [property: Description("How long it took, or has been taking, in milliseconds.")] double DurationMs,
    [property: Description("What was read, and what became of it.")] RunCounts Counts,
    [property: Description("Why it failed, in a sentence; null where it did not.")] string? Error,
    [property: Description("How it compares with the source's earlier runs.")] RunAssessment Assessment);

[Description("What was read, and what became of it.")]
internal sealed record RunCounts(
    [property: Description("Pages committed.")] int Pages,
    [property: Description("Records read: the sum of the five counts below.")] long Read,
    [property: Description("Records that made a new listing.")] long Inserted,
    [property: Description("Records that changed a listing.")] long Updated,
    [property: Description("Records whose content was known already.")] long Unchanged,
    [property: Description("Records that a later one of the same page replaced.")] long Duplicates,
    [property: Description("Records that were kept aside as bad.")] long Rejected);

[Description("A run, whole.")]
internal sealed record RunResponse(
    [property: Description("What the list says of it.")] RunSummary Run,
    [property: Description("The source's id of the last record committed; null before the first.")] string? LastExternalId,
    [property: Description("What the records with prices say as a whole.")] RunQuotes Quotes,
    [property: Description("Where the time went; null while it runs, and where its worker died.")] RunStages? Stages,
    [property: Description("Calls made to the upstream, retries included; 0 for files. Null while it runs, and where its worker died.")] int? UpstreamCalls,
    [property: Description("How far the source's streams have been read by this run, where no later run has moved them on.")] IReadOnlyList<RunCheckpoint> Checkpoints,
    [property: Description("How the records differed from what the stream is known to send.")] IReadOnlyList<RunDrift> Drifts,
    [property: Description("Why records were kept aside, the most frequent reason first.")] IReadOnlyList<RunRejection> Rejections);

[Description("What the records with prices say as a whole.")]
internal sealed record RunQuotes(
    [property: Description("Valid records of the streams of quotes.")] long Records,
    [property: Description("Those with a price.")] long WithPrice,
    [property: Description("Those with a market capitalisation.")] long WithMarketCap,
    [property: Description("Those with a volume.")] long WithVolume,
    [property: Description("The geometric mean of the prices above zero; null without any.")] double? PriceLevelUsd,
    [property: Description("The first page that it read, from 0: above 0, it went on where another had stopped. Null before the first.")] int? FromPage,
    [property: Description("The page after the last that it committed; null before the first.")] int? ToPage);

[Description("Where a run's time went.")]
internal sealed record RunStages(
    [property: Description("Milliseconds spent on loading pages into the database.")] double LoadMs,
    [property: Description("The other milliseconds: waiting for the source.")] double WaitMs);

[Description("Two runs beside each other.")]
internal sealed record RunComparison(
    [property: Description("Run a.")] ComparedRun A,
    [property: Description("Run b.")] ComparedRun B,
    [property: Description("Listings that came between the end of the earlier and the end of the later; none where the sources differ. At most 20.")]
    IReadOnlyList<ComparedAsset> Added,
    [property: Description("Listings that both runs brought a new price for, the biggest move first; none where the sources differ. At most 20.")]
    IReadOnlyList<MovedAsset> Moved)
{
    public const int MaxAssets = 20;
}

[Description("One of two runs.")]
internal sealed record ComparedRun(
    [property: Description("What the list says of it.")] RunSummary Run,
    [property: Description("What its records with prices say as a whole.")] RunQuotes Quotes);

[Description("A listing that came.")]
internal sealed record ComparedAsset(
    [property: Description("Its asset.")] Guid AssetId,
    [property: Description("The source's id.")] string ExternalId,
    [property: Description("Its symbol.")] string Symbol,
    [property: Description("Its name.")] string Name);

[Description("A listing whose price moved.")]
internal sealed record MovedAsset(
    [property: Description("Its asset.")] Guid AssetId,
    [property: Description("The source's id.")] string ExternalId,
    [property: Description("Its symbol.")] string Symbol,
    [property: Description("The price in USD that run a brought.")] double PriceA,
    [property: Description("The price in USD that run b brought.")] double PriceB,
    [property: Description("price_b divided by price_a; null where a double cannot hold it.")] double? Ratio);

[Description("How far a stream has been read.")]
internal sealed record RunCheckpoint(
    [property: Description("The stream.")] string Stream,
    [property: Description("The next page, from 0.")] int Page,
    [property: Description("Records through the last page.")] long Records,
    [property: Description("Whether the reading came to its end.")] bool IsComplete,
    [property: Description("When it last moved, UTC.")] DateTime UpdatedAt);

[Description("One way in which the records differed.")]
internal sealed record RunDrift(
    [property: Description("The stream.")] string Stream,
    [property: Description("The field; for a rename, its former name.")] string Path,
    [property: Description("added, missing, renamed or retyped.")] string Kind,
    [property: Description("The JSON types expected; null for a field that is not known.")] string? Expected,
    [property: Description("The JSON type found; null for a field that is missing.")] string? Found,
    [property: Description("The new path, for a likely rename.")] string? RenamedTo,
    [property: Description("How likely the rename is, 0 to 1.")] double? Confidence,
    [property: Description("Records that showed it.")] long Occurrences,
    [property: Description("What the settings say is done: warn, reject_record or fail_run.")] string Policy);

[Description("Records that were kept aside for one reason.")]
internal sealed record RunRejection(
    [property: Description("The reason's code.")] string Reason,
    [property: Description("Records, still kept.")] long Records);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RunPage))]
[JsonSerializable(typeof(RunResponse))]
[JsonSerializable(typeof(RunComparison))]
internal sealed partial class RunsJson : JsonSerializerContext;
