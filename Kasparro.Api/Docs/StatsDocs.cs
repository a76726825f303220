using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>An example of <c>/stats</c>.</summary>
internal static class StatsDocs
{
    private const string Example = """
        {
          "records_processed": 48024,
          "last_success": "2026-11-20T12:00:41.25Z",
          "last_failure": null,
          "upstreams": "live",
          "sources": {
            "coinpaprika": {
              "last_processed_id": "zyx-zyx",
              "last_processed_at": "2026-11-20T12:00:31.5Z",
              "status": "completed",
              "run_id": "0199a7b0-5a3e-7c11-8b1a-2f5d3c6e7f80",
              "records_processed": 47030,
              "duration_ms": 31500,
              "freshness_seconds": 600.2,
              "success_rate": 0.98,
              "duration_p50_ms": 31200,
              "duration_p95_ms": 35900
            },
            "coingecko": {
              "last_processed_id": "zyro",
              "last_processed_at": "2026-11-20T12:00:41Z",
              "status": "completed",
              "run_id": "0199a7b0-d54a-7d02-9e6c-51a1b3c4d5e6",
              "records_processed": 984,
              "duration_ms": 9100,
              "freshness_seconds": 591,
              "success_rate": 1,
              "duration_p50_ms": 9050.5,
              "duration_p95_ms": 11300
            },
            "csv_source": {
              "last_processed_id": null,
              "last_processed_at": null,
              "status": "never_run",
              "run_id": null,
              "records_processed": null,
              "duration_ms": null,
              "freshness_seconds": null,
              "success_rate": null,
              "duration_p50_ms": null,
              "duration_p95_ms": null
            }
          },
          "upstream_calls": {
            "coinpaprika": {
              "minute_limit": 60,
              "left_this_minute": 58,
              "month_limit": 20000,
              "left_this_month": 18730
            },
            "coingecko": {
              "minute_limit": 10,
              "left_this_minute": 0,
              "month_limit": 10000,
              "left_this_month": 8460
            }
          }
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Describe(Example, ("page", "is not a parameter of this resource; it has none"));
        return Task.CompletedTask;
    }
}
