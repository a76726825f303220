using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>An example of <c>/data-quality</c>.</summary>
internal static class QualityDocs
{
    private const string Source = """
        {
          "listings": 17390, "stale": 812, "null_rates": { "price_usd": 0.011, "market_cap_usd": 0.025, "volume_24h_usd": 0.017, "rank": 0.3 },
          "duplicates": 41, "unmatched_share": 0.62
        }
        """;

    public static Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Describe(
            $$"""
            {
              "measured_at": "2026-11-20T12:00:41.25Z",
              "stale_after_hours": 24,
              "sources": { "coinpaprika": {{Source}}, "coingecko": {{Source}}, "csv_source": {{Source}} },
              "price_divergence": {
                "max_ratio": 1.05,
                "compared": 6120,
                "divergent": 214,
                "furthest": [
                  { "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55", "symbol": "OLD", "lowest_usd": 0.0021, "highest_usd": 0.0084, "ratio": 4 }
                ]
              }
            }
            """,
            ("page", "is not a parameter of this resource; it has none"));
        return Task.CompletedTask;
    }
}
