using System.ComponentModel;
using Kasparro.Data.Runs;

namespace Kasparro.Api.Backfills;

[Description("Backfills, the newest first.")]
internal sealed record BackfillList([property: Description("At most limit backfills.")] IReadOnlyList<BackfillResponse> Backfills)
{
    public static BackfillList Example { get; } = new([BackfillResponse.Example]);
}

[Description("Past prices that are being read, or were read.")]
internal sealed record BackfillResponse(
    [property: Description("The backfill's id; its runs have it as their ingestion_id.")] Guid BackfillId,
    [property: Description("waiting, running, completed, failed or cancelled.")] string Status,
    [property: Description("Why it is: request, first_start or gap (no run read prices for a while).")] string Origin,
    [property: Description("How many assets were named; null where none was.")] int? Assets,
    [property: Description("The one source to ask; null for the best of each asset.")] string? Source,
    [property: Description("How many assets, by rank; null for all that are named or that the source has.")] int? Top,
    [property: Description("From when on, UTC.")] DateTime From,
    [property: Description("Up to when, UTC.")] DateTime To,
    [property: Description("When it was ordered, UTC.")] DateTime OrderedAt,
    [property: Description("When a worker took it, UTC; null before.")] DateTime? StartedAt,
    [property: Description("When it ended, UTC; null before.")] DateTime? FinishedAt,
    [property: Description("How far it has come; null before a worker took it.")] BackfillProgress? Progress,
    [property: Description("Why none of it can be read, in a sentence; null if some of it can.")] string? Error,
    [property: Description("Listings that could not be read, at most 20.")] IReadOnlyList<BackfillFailure> Failures)
{
    public const int MaxFailures = 20;

    public static BackfillResponse Example { get; } = new(
        new("019a9f64-7bfe-7a51-8a4e-0f3d5b6c7d8e"), "running", BackfillOrigin.Request, 2, Source: null, Top: null,
        new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc),
        new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc), new(2026, 11, 20, 12, 0, 1, DateTimeKind.Utc), FinishedAt: null,
        BackfillProgress.Example, Error: null,
        [new("coingecko", "a-delisted-coin", "GET coins/a-delisted-coin/market_chart/range answered 404 NotFound: coin not found")]);
}

[Description("How far a backfill has come.")]
internal sealed record BackfillProgress(
    [property: Description("Windows in all; a window is one call to the source.")] long Windows,
    [property: Description("Windows that are done, those that failed included.")] long Done,
    [property: Description("Windows that failed.")] long Failed,
    [property: Description("Prices read.")] long Points,
    [property: Description("Prices that were new, or said something else than what was stored.")] long Written,
    [property: Description("Prices that could not be used.")] long Dropped,
    [property: Description("Estimated milliseconds left, at the recent pace; null before there is a pace.")] double? TimeLeftMs)
{
    public static BackfillProgress Example { get; } = new(4, 3, 0, 2_436, 2_436, 0, 6_000);
}

[Description("A listing that could not be read.")]
internal sealed record BackfillFailure(
    [property: Description("coinpaprika or coingecko.")] string Source,
    [property: Description("What the source calls it.")] string ExternalId,
    [property: Description("Why, in a sentence.")] string Error);
