using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/assets/by-contract</c>, and an example.</summary>
internal static class ContractDocs
{
    private const string Example = """
        {
          "platform": "ethereum",
          "address": "0xd26114cd6ee289accf82350c8d8487fedb8a0c07",
          "assets": [
            {
              "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
              "symbol": "OMG",
              "name": "OMG Network",
              "is_active": true,
              "price_usd": 0.62,
              "market_cap": 86900000,
              "source": "coinpaprika",
              "updated_at": "2026-11-20T12:00:00Z",
              "named_by": ["coingecko", "coinpaprika"]
            }
          ]
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Path("platform", "The platform: CoinGecko's id for it or CoinPaprika's.", "ethereum"),
            Path("address", "The contract's address; slashes in it may stand as they are.", "0xd26114cd6ee289accf82350c8d8487fedb8a0c07"),
        ];
        operation.Describe(Example, ("address", "must be 1 to 500 printable characters"));
        return Task.CompletedTask;
    }

    private static OpenApiParameter Path(string name, string description, string example) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = (JsonNode)example,
    };
}
