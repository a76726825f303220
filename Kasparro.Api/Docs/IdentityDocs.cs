using Kasparro.Api.Identity;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Kasparro.Api.Docs;

/// <summary>The parameters of <c>/identity</c>'s resources, and examples.</summary>
internal static class IdentityDocs
{
    private const string Conflicts = """
        {
          "conflicts": [
            {
              "listing": {
                "listing_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
                "asset_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
                "source": "coinpaprika",
                "external_id": "maga-maga-coin",
                "symbol": "MAGA",
                "name": "MAGA coin",
                "is_active": true
              },
              "other": {
                "listing_id": "b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11",
                "asset_id": "b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11",
                "source": "coingecko",
                "external_id": "maga-coin",
                "symbol": "MAGA",
                "name": "MAGA Coin BSC",
                "is_active": true
              },
              "rule": "symbol_slug",
              "reason": "other_form",
              "confidence": 0.85,
              "evidence": ["symbol MAGA", "slug magacoin"],
              "decided_at": "2026-11-01T08:00:12Z"
            }
          ],
          "next_cursor": "P-szMzMzMzNcH2oeUqVfDo8LDIsbnXpVt_HzoGoLWliaV1sLeg88EQ"
        }
        """;

    private const string Override = """
        {
          "listing_id": "5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55",
          "other_id": "b7f1f3a0-6a0b-5a58-9a57-5b0b7a0f3c11",
          "is_same": false,
          "origin": "operator",
          "applied": false,
          "reason": "The second is the copy on BNB Smart Chain.",
          "changed_by": "Operator:Key",
          "changed_at": "2026-11-20T12:00:00Z"
        }
        """;

    public static Task DescribeConflictsAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters =
        [
            Query(ConflictQuery.LimitName, "Rows a page.", new OpenApiSchema
            {
                Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Maximum = $"{ConflictQuery.MaxLimit}", Default = ConflictQuery.DefaultLimit,
            }),
            Query(ConflictQuery.CursorName, "The next_cursor of the page before.", new OpenApiSchema { Type = JsonSchemaType.String }),
            Query(ConflictQuery.ReasonName, "One reason only.", new OpenApiSchema
            {
                Type = JsonSchemaType.String, MaxLength = ConflictQuery.MaxReasonLength, Examples = ["ambiguous"],
            }),
        ];
        operation.Describe(Conflicts, (ConflictQuery.LimitName, $"must be a whole number from 1 to {ConflictQuery.MaxLimit}"));
        return Task.CompletedTask;
    }

    public static Task DescribeOverridesAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Describe($$"""{ "overrides": [{{Override}}] }""", ("page", "is not a parameter of this resource; it has none"));
        return Task.CompletedTask;
    }

    public static Task DescribeOverrideAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        DescribeListings(operation);
        operation.Describe(Override, ("other_id", "must be another listing"));
        return Task.CompletedTask;
    }

    private static void DescribeListings(OpenApiOperation operation) => operation.Parameters =
    [
        Listing("listing_id", "A listing, as /assets/{id} and /identity/conflicts name it."),
        Listing("other_id", "Another listing. Which one comes first does not matter."),
    ];

    private static OpenApiParameter Listing(string name, string description) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
    };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };
}
