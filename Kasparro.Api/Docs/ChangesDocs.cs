using Kasparro.Api.Changes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/changes</c>, and an example.</summary>
internal static class ChangesDocs
{
    private const string Example = """
        {
          "since": 812,
          "next_since": 813,
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
                Name = ChangesQuery.SinceName,
                In = ParameterLocation.Query,
                Required = true,
                Description = "The catalogue version that you have; 0 before the first.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
            },
            new OpenApiParameter
            {
                Name = ChangesQuery.LimitName,
                In = ParameterLocation.Query,
                Description = "Assets a page. A version is never parted: a large one may bring more.",
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{ChangesQuery.MaxLimit}", Default = ChangesQuery.DefaultLimit,
                },
            },
        ];
        operation.Describe(Example, (ChangesQuery.SinceName, ChangesQuery.UnknownVersion));
        return Task.CompletedTask;
    }
}
