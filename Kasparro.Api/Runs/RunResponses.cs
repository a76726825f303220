using System.ComponentModel;
using Kasparro.Api.Backfills;
using Kasparro.Data.Runs;

namespace Kasparro.Api.Runs;

[Description("Runs, the newest first.")]
internal sealed record RunPage(
    [property: Description("At most limit runs.")] IReadOnlyList<RunSummary> Runs,
    [property: Description("The cursor of the next page; null on the last page.")] string? NextCursor)
{
    public static RunPage Example { get; } = new([RunSummary.Example], "019a9f647c007c3e9d2b8c7d7a1f4e10");
}

[Description("One source's part of one ingestion.")]
internal sealed record RunSummary(
    [property: Description("The run's id.")] Guid RunId,
    [property: Description("The ingestion that it is a part of: the sources of one ingestion share it.")] Guid IngestionId,
    [property: Description("coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("What started it: schedule, command, request, replay (of rejected records) or backfill.")] string Trigger,
    [property: Description("What it read from: a live, simulated or recorded upstream.")] string Upstreams,
    [property: Description("running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("When it started, UTC.")] DateTime StartedAt,
    [property: Description("When it ended, UTC; null while it runs.")] DateTime? FinishedAt,
    [property: Description("How long it took, or has taken so far, in milliseconds.")] double DurationMs,
    [property: Description("How many records were read, and how they were loaded.")] RunCounts Counts,
    [property: Description("Why it failed, in a sentence; null where it did not.")] string? Error,
    [property: Description("How it compares with the source's earlier runs.")] RunAssessment Assessment,
    [property: Description("How far the backfill has come that it is a run of, see /backfills/{ingestion_id}; null for other runs.")]
    BackfillProgress? Backfill)
{
    public static RunSummary Example { get; } = new(
        new("019a9f64-7c00-7c3e-9d2b-8c7d7a1f4e10"), new("019a9f64-7bfe-7a51-8a4e-0f3d5b6c7d8e"), "coingecko", RunTrigger.Schedule, "live",
        RunStatus.Completed,
        new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc), new(2026, 11, 20, 12, 0, 41, DateTimeKind.Utc), 41_000,
        new(70, 17_390, 12, 9_120, 8_256, 1, 1), Error: null,
        new(RunVerdict.Usual, 50, []), Backfill: null);
}

[Description("How many records were read, and how they were loaded.")]
internal sealed record RunCounts(
    [property: Description("Pages committed.")] int Pages,
    [property: Description("Records read: the sum of the five counts below.")] long Read,
    [property: Description("Records that made a new listing.")] long Inserted,
    [property: Description("Records that changed a listing.")] long Updated,
    [property: Description("Records whose content was already known.")] long Unchanged,
    [property: Description("Records that a later one of the same page replaced.")] long Duplicates,
    [property: Description("Records that were rejected as invalid.")] long Rejected)
{
    public static RunCounts From(IngestionRun run) =>
        new(run.Pages, run.RecordsRead, run.Inserted, run.Updated, run.Unchanged, run.Duplicates, run.Rejected);
}

[Description("A run with its checkpoints, schema drifts and rejections.")]
internal sealed record RunResponse(
    [property: Description("The run's summary, as in /runs.")] RunSummary Run,
    [property: Description("The source's id of the last record committed; null before the first.")] string? LastExternalId,
    [property: Description("What the records with prices have in common.")] RunQuotes Quotes,
    [property: Description("What the time was spent on; null while it runs, and when its worker died.")] RunStages? Stages,
    [property: Description("Calls made to the upstream, retries included; 0 for files. Null while it runs, and when its worker died.")]
    int? UpstreamCalls,
    [property: Description("How far this run has read the source's streams, without streams that a later run has read further.")]
    IReadOnlyList<RunCheckpoint> Checkpoints,
    [property: Description("How the records differed from the known schema of the stream.")] IReadOnlyList<RunDrift> Drifts,
    [property: Description("Why records were rejected, the most frequent reason first.")] IReadOnlyList<RunRejection> Rejections)
{
    public static RunResponse Example { get; } = new(
        RunSummary.Example, "zyncoin", RunQuotes.Example, new(6_120.5, 34_879.5), 13,
        [new("markets", 70, 17_390, IsComplete: true, new(2026, 11, 20, 12, 0, 41, DateTimeKind.Utc))],
        [new("markets", "market_cap_rank_with_rehypothecated", "added", Expected: null, "number", RenamedTo: null, Confidence: null, 250,
            "warn")],
        [new("bad_number", 1)]);
}

[Description("What the records with prices have in common.")]
internal sealed record RunQuotes(
    [property: Description("Valid records of the streams of quotes.")] long Records,
    [property: Description("Records with a price.")] long WithPrice,
    [property: Description("Records with a market capitalisation.")] long WithMarketCap,
    [property: Description("Records with a volume.")] long WithVolume,
    [property: Description("The geometric mean of the prices above zero; null without any.")] double? PriceLevelUsd,
    [property: Description("The first page that it read, from 0. Above 0, it resumed a run that had stopped. Null before the first.")]
    int? FromPage,
    [property: Description("The page after the last that it committed; null before the first.")] int? ToPage)
{
    public static RunQuotes Example { get; } = new(17_390, 17_201, 16_950, 17_100, 0.0213, 0, 70);
}

[Description("What a run's time was spent on.")]
internal sealed record RunStages(
    [property: Description("Milliseconds spent on loading pages into the database.")] double LoadMs,
    [property: Description("Milliseconds spent on waiting for the source.")] double WaitMs);

[Description("A comparison of two runs.")]
internal sealed record RunComparison(
    [property: Description("Run a.")] ComparedRun A,
    [property: Description("Run b.")] ComparedRun B,
    [property: Description(
        "Listings that were added between the end of the earlier run and the end of the later; none when the sources differ. At most 20.")]
    IReadOnlyList<ComparedAsset> Added,
    [property: Description(
        "Listings that both runs have a new price for, the biggest move first; none when the sources differ. At most 20.")]
    IReadOnlyList<MovedAsset> Moved)
{
    public const int MaxAssets = 20;

    public static RunComparison Example { get; } = new(
        new(RunSummary.Example, RunQuotes.Example), new(RunSummary.Example, RunQuotes.Example),
        [new(new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55"), "new-coin", "NEW", "New Coin")],
        [new(new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a56"), "old-coin", "OLD", 2.5, 5, 2)]);
}

[Description("One of two runs.")]
internal sealed record ComparedRun(
    [property: Description("The run's summary, as in /runs.")] RunSummary Run,
    [property: Description("What its records with prices have in common.")] RunQuotes Quotes);

[Description("A listing that was added.")]
internal sealed record ComparedAsset(
    [property: Description("The listing's asset.")] Guid AssetId,
    [property: Description("The source's id.")] string ExternalId,
    [property: Description("Its symbol.")] string Symbol,
    [property: Description("Its name.")] string Name);

[Description("A listing whose price moved.")]
internal sealed record MovedAsset(
    [property: Description("The listing's asset.")] Guid AssetId,
    [property: Description("The source's id.")] string ExternalId,
    [property: Description("Its symbol.")] string Symbol,
    [property: Description("The price in USD in run a.")] double PriceA,
    [property: Description("The price in USD in run b.")] double PriceB,
    [property: Description("price_b divided by price_a; null where a double cannot hold it.")] double? Ratio);

[Description("How far a stream has been read.")]
internal sealed record RunCheckpoint(
    [property: Description("The stream.")] string Stream,
    [property: Description("The next page, from 0.")] int Page,
    [property: Description("Records read up to that page.")] long Records,
    [property: Description("Whether the stream was read to its end.")] bool IsComplete,
    [property: Description("When it last moved, UTC.")] DateTime UpdatedAt);

[Description("A difference between the records and the known schema.")]
internal sealed record RunDrift(
    [property: Description("The stream.")] string Stream,
    [property: Description("The field; for a rename, its former name.")] string Path,
    [property: Description("added, missing, renamed, retyped or unusable.")] string Kind,
    [property: Description("The expected JSON types; null for an unknown field.")] string? Expected,
    [property: Description("The JSON type found; null for a missing field.")] string? Found,
    [property: Description("The new path, for a likely rename.")] string? RenamedTo,
    [property: Description("How likely the rename is, 0 to 1.")] double? Confidence,
    [property: Description("How many records showed it.")] long Occurrences,
    [property: Description("The policy of the settings: warn, reject_record or fail_run.")] string Policy);

[Description("Records that were rejected for one reason.")]
internal sealed record RunRejection(
    [property: Description("The reason's code.")] string Reason,
    [property: Description("How many such records are stored.")] long Records);
