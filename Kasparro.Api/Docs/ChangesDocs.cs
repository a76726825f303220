using Kasparro.Api.Changes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/changes</c>, and an example.</summary>
internal static class ChangesDocs
{
    private const string Example = """
        {
          "since": "812.8dea72b0f4b5c00",
          "next_since": "813.8dea72c75c6d400",
          "version": 813,
          "has_more": false,
          "changed": [
            {
              "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
              "symbol": "OMG",
              "name": "OMG Network",
              "is_active": true,
              "price_usd": 0.62,
              "market_cap": 86900000,
              "volume_24h": 12300000,
              "rank": 411,
              "source": "coinpaprika",
              "updated_at": "2026-11-20T12:00:00Z"
            }
          ],
          "removed": [
            { "asset_id": "b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11", "merged_into": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55" }
          ]
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = ChangesRequest.SinceName,
                In = ParameterLocation.Query,
                Required = true,
                Description = "Where your copy is: X-Catalogue-Version of an /export, then next_since, as they are; 0 for everything.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Examples = ["812.8dea72b0f4b5c00"] },
            },
            new OpenApiParameter
            {
                Name = ChangesRequest.LimitName,
                In = ParameterLocation.Query,
                Description = "The most items, changed and removed together, of a page.",
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{ChangesRequest.MaxLimit}", Default = ChangesRequest.DefaultLimit,
                },
            },
        ];
        operation.Describe(Example, (ChangesRequest.SinceName, ChangesPosition.Expected));
        return Task.CompletedTask;
    }
}
