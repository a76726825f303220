using System.ComponentModel;
using Kasparro.Api.Runs;

namespace Kasparro.Api.Ingestions;

[Description("An ingestion that an operator requested.")]
internal sealed record IngestionResponse(
    [property: Description("The ingestion's id; its runs have it too.")] Guid IngestionId,
    [property: Description("The one source to read; null for all.")] string? Source,
    [property: Description("When it was requested, UTC.")] DateTime OrderedAt,
    [property: Description("When a worker started it, UTC; null before.")] DateTime? TakenAt,
    [property: Description("Its runs so far, in the order in which they started; /runs/{run_id} shows each.")]
    IReadOnlyList<IngestionRunResponse> Runs)
{
    public static IngestionResponse Example { get; } = new(
        new("019a9f64-7bfe-7a51-8a4e-0f3d5b6c7d8e"), "coingecko", new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc),
        new(2026, 11, 20, 12, 0, 1, DateTimeKind.Utc),
        [new(new("019a9f64-7c00-7c3e-9d2b-8c7d7a1f4e10"), "coingecko", "running", new(3, 750, 0, 391, 359, 0, 0))]);
}

[Description("A run of the ingestion.")]
internal sealed record IngestionRunResponse(
    [property: Description("The run's id.")] Guid RunId,
    [property: Description("coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("How many records were read so far, and how they were loaded.")] RunCounts Counts);
