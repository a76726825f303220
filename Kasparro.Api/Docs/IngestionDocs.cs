using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>Examples of <c>/ingestions</c>.</summary>
internal static class IngestionDocs
{
    private const string Example = """
        {
          "ingestion_id": "019a9f64-7bfe-7a51-8a4e-0f3d5b6c7d8e",
          "source": "coingecko",
          "ordered_at": "2026-11-20T12:00:00Z",
          "taken_at": "2026-11-20T12:00:00.02Z",
          "runs": [
            {
              "run_id": "019a9f64-7c00-7c3e-9d2b-8c7d7a1f4e10",
              "source": "coingecko",
              "status": "running",
              "counts": { "pages": 3, "read": 750, "inserted": 0, "updated": 391, "unchanged": 359, "duplicates": 0, "rejected": 0 }
            }
          ]
        }
        """;

    public static Task DescribeOrderAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = "source",
                In = ParameterLocation.Query,
                Description = "The one source to read; all without it.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. SourceNames.All.Select(name => JsonValue.Create(name))] },
            },
        ];
        operation.Describe(Example, ("source", $"must be one of {string.Join(", ", SourceNames.All)}"));
        if (operation.Responses?["202"] is OpenApiResponse accepted)
        {
            accepted.Headers!["Location"] = new OpenApiHeader
            {
                Description = "Where it is shown.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" },
            };
        }

        return Task.CompletedTask;
    }

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = "ingestion_id",
                In = ParameterLocation.Path,
                Required = true,
                Description = "The ingestion, as the Location of its order names it.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            },
        ];
        operation.Describe(Example, ("ingestion_id", "must be a UUID"));
        return Task.CompletedTask;
    }
}
