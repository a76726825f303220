using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>Examples of <c>/health</c>.</summary>
internal static class HealthDocs
{
    private const string Healthy = """
        {"status":"healthy","database":"healthy","cache":"healthy","etl":"healthy","timestamp":"2026-11-20T12:00:00Z"}
        """;

    private const string Unhealthy = """
        {"status":"unhealthy","database":"unhealthy","cache":"healthy","etl":"unhealthy","timestamp":"2026-11-20T12:00:00Z"}
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Describe(Healthy, ("page", "is not a parameter of this resource; it has none"));
        if (operation.Responses?["503"] is OpenApiResponse { Content: { } content } && content.TryGetValue("application/json", out var unavailable))
        {
            unavailable.Example = JsonNode.Parse(Unhealthy);
        }

        return Task.CompletedTask;
    }
}
