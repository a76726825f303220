using System.Text.Json.Nodes;
using Kasparro.Api.Data;
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
          "page_size": 1,
          "total_relation": "eq",
          "next": "/data?page_size=1&cursor=AAEAAACAU2hyQlwfah5SpV8OjwsMixudelU",
          "prev": null
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Parameter("page", $"The page, from 1. A page past the end is empty; pages reach {DataQuery.MaxDepth} rows deep, cursors as deep as there are rows.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Default = 1,
            }),
            Parameter("page_size", "Rows a page.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{DataQuery.MaxPageSize}", Default = DataQuery.DefaultPageSize,
            }),
            Parameter("cursor", "Where the page begins or ends: as next and prev give it, with the parameters that they give it with. Not together with page.", Text()),
            .. Filters(),
            Parameter("sort", "The field to sort by, with - before it to fall instead of rise. Rows without a value come last; ties are in the order of asset_id.", new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Default = "-market_cap",
                Enum = [.. DataField.All.SelectMany(known => new[] { known.Name, $"-{known.Name}" }).Select(name => (JsonNode)name)],
            }),
            Parameter("fields", $"What a row shows, with commas between: {DataField.Names}. By default {DataField.DefaultNames}.", Text(null, "symbol,price_usd,rank")),
        ];
        operation.Describe(Example, ("page_size", $"must be a whole number from 1 to {DataQuery.MaxPageSize}"));
        return Task.CompletedTask;
    }

    /// <summary>The parameters that say which rows: those of <see cref="DataParameter.Filters"/>.</summary>
    public static IEnumerable<IOpenApiParameter> Filters() =>
    [
        Parameter("source", "Show what this source lists; empty for the unified assets.", new OpenApiSchema
        {
            Type = JsonSchemaType.String, Enum = [.. SourceNames.All.Append("").Select(name => (JsonNode)name)],
        }),
        Parameter("symbol", $"Whole symbols, in any case: one, several with commas between them, or the parameter several times; at most {DataQuery.MaxSymbols}.", new OpenApiSchema
        {
            Type = JsonSchemaType.Array,
            Items = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = DataQuery.MaxSymbolLength },
            Examples = [new JsonArray("btc", "eth")],
        }),
        Parameter("q", "A part of the symbol or the name, in any case; one or two characters are the beginning of a symbol. New coins are found when the ingestion that brought them has ended.", Text(DataRefinement.MaxTextLength, "bitc")),
        Parameter("name", "A part of the name, in any case; one or two characters are its beginning.", Text(DataRefinement.MaxTextLength, "dollar")),
        Parameter("min_price", "The lowest price in US dollars.", Number()),
        Parameter("max_price", "The highest price in US dollars.", Number()),
        Parameter("min_market_cap", "The lowest market capitalisation in US dollars.", Number()),
        Parameter("max_market_cap", "The highest market capitalisation in US dollars.", Number()),
        Parameter("min_volume", "The lowest trading volume of the last 24 hours in US dollars.", Number()),
        Parameter("max_volume", "The highest trading volume of the last 24 hours in US dollars.", Number()),
        Parameter("rank", "A rank, or a range of ranks.", new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[0-9]+(-[0-9]+)?$", Examples = ["1-100"] }),
        Parameter("active", "Only what is listed as active, or only what is not. By default active assets; with source, all that the source lists.", new OpenApiSchema { Type = JsonSchemaType.Boolean }),
        Parameter("updated_since", "Only rows whose values are of this time or later.", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time", Examples = ["2026-11-20T12:00:00Z"] }),
    ];

    private static OpenApiSchema Text(int? maxLength = null, string? example = null) =>
        new() { Type = JsonSchemaType.String, MaxLength = maxLength, Examples = example is null ? null : [example] };

    private static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number, Format = "double" };

    private static OpenApiParameter Parameter(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
}
