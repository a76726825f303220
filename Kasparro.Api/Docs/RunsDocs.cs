using System.Text.Json.Nodes;
using Kasparro.Api.Runs;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/runs</c>, and examples.</summary>
internal static class RunsDocs
{
    private const string Run = """
        {
          "run_id": "019a9f64-7c00-7c3e-9d2b-8c7d7a1f4e10",
          "ingestion_id": "019a9f64-7bfe-7a51-8a4e-0f3d5b6c7d8e",
          "source": "coingecko",
          "trigger": "schedule",
          "upstreams": "live",
          "status": "completed",
          "started_at": "2026-11-20T12:00:00Z",
          "finished_at": "2026-11-20T12:00:41Z",
          "duration_ms": 41250.5,
          "counts": { "pages": 70, "read": 17390, "inserted": 12, "updated": 9120, "unchanged": 8256, "duplicates": 1, "rejected": 1 },
          "error": null,
          "assessment": { "verdict": "usual", "history": 50, "anomalies": [] }
        }
        """;

    private const string Quotes = """
        { "records": 17390, "with_price": 17201, "with_market_cap": 16950, "with_volume": 17100, "price_level_usd": 0.0213, "from_page": 0, "to_page": 70 }
        """;

    public static Task DescribeListAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Query(RunsRequest.LimitName, "Runs a page.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{RunsRequest.MaxLimit}", Default = RunsRequest.DefaultLimit,
            }),
            Query(RunsRequest.CursorName, "The next_cursor of the page before.", new OpenApiSchema { Type = JsonSchemaType.String }),
            Query(RunsRequest.SourceName, "One source only.", OneOf(SourceNames.All)),
            Query(RunsRequest.StatusName, "One status only.", OneOf(RunsRequest.Statuses)),
        ];
        operation.Describe(
            $$"""{ "runs": [{{Run}}], "next_cursor": "019a9f647c007c3e9d2b8c7d7a1f4e10" }""",
            (RunsRequest.LimitName, $"must be a whole number from 1 to {RunsRequest.MaxLimit}"));
        return Task.CompletedTask;
    }

    public static Task DescribeRunAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            new OpenApiParameter
            {
                Name = "run_id",
                In = ParameterLocation.Path,
                Required = true,
                Description = "The run, as /runs, /stats and log lines name it.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            },
        ];
        operation.Describe(
            $$"""
            {
              "run": {{Run}},
              "last_external_id": "zyncoin",
              "quotes": {{Quotes}},
              "stages": { "load_ms": 6120.5, "wait_ms": 35130 },
              "upstream_calls": 13,
              "checkpoints": [{ "stream": "markets", "page": 70, "records": 17390, "is_complete": true, "updated_at": "2026-11-20T12:00:41Z" }],
              "drifts": [
                {
                  "stream": "markets", "path": "market_cap_rank_with_rehypothecated", "kind": "added", "expected": null, "found": "number",
                  "renamed_to": null, "confidence": null, "occurrences": 250, "policy": "warn"
                }
              ],
              "rejections": [{ "reason": "bad_number", "records": 1 }]
            }
            """,
            ("run_id", "must be a UUID"));
        return Task.CompletedTask;
    }

    public static Task DescribeComparisonAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters = [Compared("a", "One run."), Compared("b", "The other run.")];
        operation.Describe(
            $$"""
            {
              "a": { "run": {{Run}}, "quotes": {{Quotes}} },
              "b": { "run": {{Run}}, "quotes": {{Quotes}} },
              "added": [{ "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55", "external_id": "new-coin", "symbol": "NEW", "name": "New Coin" }],
              "moved": [
                {
                  "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a56", "external_id": "old-coin", "symbol": "OLD", "price_a": 2.5, "price_b": 5, "ratio": 2
                }
              ]
            }
            """,
            ("a", "must be a UUID"));
        return Task.CompletedTask;

        static OpenApiParameter Compared(string name, string description)
        {
            var parameter = Query(name, description, new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" });
            parameter.Required = true;
            return parameter;
        }
    }

    private static OpenApiSchema OneOf(IEnumerable<string> values) =>
        new() { Type = JsonSchemaType.String, Enum = [.. values.Select(value => JsonValue.Create(value))] };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
}
