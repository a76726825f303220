using System.ComponentModel;

namespace Kasparro.Api.Health;

/// <summary>How the service is, part by part.</summary>
[Description("The health of the service: each part is healthy, degraded or unhealthy.")]
internal sealed record HealthResponse(
    [property: Description("unhealthy without the database; degraded when the cache or the ingestion is not healthy.")] string Status,
    [property: Description("Whether PostgreSQL responds.")] string Database,
    [property: Description("Whether Redis responds; without it the service is slower.")] string Cache,
    [property: Description("degraded when the last run of a source failed, or when no run completed recently.")] string Etl,
    [property: Description("When it was checked, UTC.")] DateTime Timestamp)
{
    public static HealthResponse Example { get; } =
        new("healthy", "healthy", "healthy", "healthy", new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc));

    public static HealthResponse UnhealthyExample { get; } =
        Example with { Status = "unhealthy", Database = "unhealthy", Etl = "unhealthy" };
}
