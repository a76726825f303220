using System.Text.Json.Nodes;
using Kasparro.Api.History;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/assets/{id}/history</c>, and examples.</summary>
internal static class HistoryDocs
{
    private const string Example = """
        {
          "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
          "source": "coinpaprika",
          "listing_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
          "interval": "1d",
          "from": "2026-11-19T00:00:00Z",
          "to": "2026-11-21T00:00:00Z",
          "points": [
            { "time": "2026-11-19T00:00:00Z", "open": 0.6, "high": 0.65, "low": 0.59, "close": 0.62, "quotes": 144 }
          ]
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            AssetDocs.Id(),
            Query(HistoryQuery.FromName, $"The oldest time of interest, widened to a whole interval; {HistoryQuery.DefaultPoints} intervals before to where absent.", Time()),
            Query(HistoryQuery.ToName, "The end, exclusive, widened to a whole interval; now where absent.", Time()),
            Query(HistoryQuery.IntervalName, $"The candles' length; at most {HistoryQuery.MaxPoints} of them fit between from and to.", new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [.. HistoryInterval.All.Select(interval => (JsonNode)interval.Name)],
                Default = HistoryInterval.Day.Name,
            }),
            Query(HistoryQuery.SourceName, "Whose quotes; the asset's best source where absent.", new OpenApiSchema
            {
                Type = JsonSchemaType.String, Enum = [.. SourceNames.All.Select(name => (JsonNode)name)],
            }),
        ];
        operation.Describe(Example, (HistoryQuery.IntervalName, $"must be one of {HistoryInterval.Names}"));
        AssetDocs.DescribeMoved(operation);
        return Task.CompletedTask;
    }

    private static OpenApiSchema Time() => new() { Type = JsonSchemaType.String, Format = "date-time" };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
}
