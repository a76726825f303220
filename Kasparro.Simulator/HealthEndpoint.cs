using System.Text.Json.Serialization;

namespace Kasparro.Simulator;

/// <summary><c>GET /health</c>: 200 as soon as there is data, even if some recordings are missing; their routes respond with 404.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder routes, Func<HealthReport> report) =>
        routes.MapGet("/health", () => TypedResults.Json(report(), HealthJson.Default.HealthReport)).WithName("Health");
}

/// <param name="Status"><c>healthy</c>, or <c>degraded</c> if recordings are missing.</param>
/// <param name="Mode"><c>generated</c> or <c>recorded</c>.</param>
/// <param name="Missing">The missing recordings.</param>
internal sealed record HealthReport(string Status, string Mode, IReadOnlyList<string> Missing);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthReport))]
internal sealed partial class HealthJson : JsonSerializerContext;
