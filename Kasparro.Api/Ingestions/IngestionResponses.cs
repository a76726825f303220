using System.ComponentModel;
using System.Text.Json.Serialization;
using Kasparro.Api.Runs;

namespace Kasparro.Api.Ingestions;

[Description("An ingestion that an operator asked for.")]
internal sealed record IngestionResponse(
    [property: Description("Its id, which its runs carry.")] Guid IngestionId,
    [property: Description("The one source to read; null for all.")] string? Source,
    [property: Description("When it was asked for, UTC.")] DateTime OrderedAt,
    [property: Description("When a worker took it, UTC; null while none has.")] DateTime? TakenAt,
    [property: Description("Its runs so far, in the order in which they began; /runs/{run_id} shows each.")] IReadOnlyList<IngestionRunResponse> Runs);

[Description("A run of the ingestion.")]
internal sealed record IngestionRunResponse(
    [property: Description("The run's id.")] Guid RunId,
    [property: Description("coinpaprika, coingecko or csv_source.")] string Source,
    [property: Description("running, completed, failed, interrupted, cancelled or lost_lock.")] string Status,
    [property: Description("What was read so far, and what became of it.")] RunCounts Counts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IngestionResponse))]
internal sealed partial class IngestionJson : JsonSerializerContext;
