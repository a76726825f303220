using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Health;

/// <summary>How the service is, part by part.</summary>
[Description("How the service is: each part is healthy, degraded or unhealthy.")]
internal sealed record HealthResponse(
    [property: Description("unhealthy without the database; degraded where the cache or the ingestion is not healthy.")] string Status,
    [property: Description("Whether PostgreSQL answers.")] string Database,
    [property: Description("Whether Redis answers; without it the service is slower.")] string Cache,
    [property: Description("degraded where a source's last run failed, and where no run completed lately.")] string Etl,
    [property: Description("When this was found, UTC.")] DateTime Timestamp);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthResponse))]
internal sealed partial class HealthJson : JsonSerializerContext;
