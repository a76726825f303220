using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>Examples of <c>/assets/{id}</c>.</summary>
internal static class AssetDocs
{
    private const string Example = """
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
          "updated_at": "2026-11-20T12:00:00Z",
          "listings": [
            {
              "listing_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
              "source": "coinpaprika",
              "external_id": "omg-omg-network",
              "symbol": "OMG",
              "name": "OMG Network",
              "is_active": true,
              "price_usd": 0.62,
              "market_cap": 86900000,
              "volume_24h": 12300000,
              "rank": 411,
              "circulating_supply": 140245398,
              "total_supply": 140245398,
              "max_supply": null,
              "quoted_at": "2026-11-20T12:00:00Z",
              "created_at": "2026-11-01T08:00:00Z",
              "updated_at": "2026-11-20T12:00:31Z",
              "contracts": [{ "platform": "ethereum", "address": "0xd26114cd6ee289accf82350c8d8487fedb8a0c07" }]
            }
          ],
          "divergence": null,
          "merges": [
            {
              "listing_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
              "other_id": "b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11",
              "rule": "contract",
              "confidence": 0.99,
              "evidence": ["contract ethereum:0xd26114cd6ee289accf82350c8d8487fedb8a0c07"],
              "decided_at": "2026-11-01T08:00:12Z"
            }
          ],
          "former_ids": ["b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11"]
        }
        """;

    private const string Moved = """
        {
          "asset_id": "b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11",
          "merged_into": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
          "merged_at": "2026-11-01T08:00:12Z"
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters = [Id()];
        operation.Describe(Example, ("id", "must be a UUID"));
        DescribeMoved(operation);
        return Task.CompletedTask;
    }

    /// <summary>The id in the path.</summary>
    internal static OpenApiParameter Id() => new()
    {
        Name = "id",
        In = ParameterLocation.Path,
        Required = true,
        Description = "The asset's id, also one that it had before it became part of another.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
    };

    /// <summary>The answer of an id that became part of another.</summary>
    internal static void DescribeMoved(OpenApiOperation operation)
    {
        if (operation.Responses?["301"] is OpenApiResponse moved && moved.Content?.TryGetValue("application/json", out var body) == true)
        {
            body.Example = JsonNode.Parse(Moved);
            moved.Headers!["Location"] = new OpenApiHeader
            {
                Description = "The same of the asset that it is part of now.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uri-reference" },
            };
        }
    }
}
