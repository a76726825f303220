using System.Text.Json.Nodes;
using Kasparro.Api.Data;
using Kasparro.Data;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/data</c>, which its handler reads by itself, and an example.</summary>
internal static class DataDocs
{
    private const string Example = """
        {
          "request_id": "0d9a4c56-3c8e-4a57-9d0e-6f6c9f6f2b1a",
          "api_latency_ms": 0.042,
          "data": [
            {
              "symbol": "BTC",
              "name": "Bitcoin",
              "price_usd": 64210.55,
              "market_cap": 1265000000000,
              "source": "coinpaprika",
              "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
              "updated_at": "2026-11-20T12:00:00Z"
            }
          ],
          "total": 43235,
          "page": 1,
          "page_size": 20
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Parameter(DataQueryParser.PageName, "The page, from 1. A page past the end is empty.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Default = 1,
            }),
            Parameter(DataQueryParser.PageSizeName, "Rows a page.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{DataQuery.MaxPageSize}", Default = DataQuery.DefaultPageSize,
            }),
            Parameter(DataQueryParser.SourceName, "Show what this source lists; empty for the unified assets.", new OpenApiSchema
            {
                Type = JsonSchemaType.String, Enum = [.. SourceNames.All.Append("").Select(name => (JsonNode)name)],
            }),
            Parameter(DataQueryParser.SymbolName, "The whole symbol, in any case; empty for all.", new OpenApiSchema
            {
                Type = JsonSchemaType.String, MaxLength = DataQuery.MaxSymbolLength, Examples = ["btc"],
            }),
        ];
        operation.Describe(Example, (DataQueryParser.PageSizeName, $"must be a whole number from 1 to {DataQuery.MaxPageSize}"));
        return Task.CompletedTask;
    }

    private static OpenApiParameter Parameter(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
}
