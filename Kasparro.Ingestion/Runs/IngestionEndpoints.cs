using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>The worker's HTTP route, for operators.</summary>
internal static class IngestionEndpoints
{
    /// <summary>
    /// Maps <c>POST /ingestions</c>: reads all sources, or the given one, as soon as a worker is free. Responds 202 with the ingestion's
    /// id, 409 while an ingestion is running or waiting, and 503 while PostgreSQL does not respond.
    /// </summary>
    public static void MapIngestions(this WebApplication app) => app.MapPost("/ingestions", OrderAsync).RequireOperatorKey();

    private static async Task<Results<Accepted<AcceptedIngestion>, ProblemHttpResult>> OrderAsync(
        [FromQuery] string? source, IngestionOrderStore orders, WakeUp wakeUp, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(source) && !SourceNames.All.Contains(source, StringComparer.Ordinal))
        {
            return TypedResults.Problem(
                $"source must be one of {string.Join(", ", SourceNames.All)}.", statusCode: StatusCodes.Status400BadRequest);
        }

        try
        {
            if (await orders.TryAddAsync(string.IsNullOrEmpty(source) ? null : source, cancellationToken) is not { } ingestionId)
            {
                return TypedResults.Problem("An ingestion is running or waiting already.", statusCode: StatusCodes.Status409Conflict);
            }

            wakeUp.Set();
            return TypedResults.Accepted((string?)null, new AcceptedIngestion(ingestionId));
        }
        catch (NpgsqlException)
        {
            return TypedResults.Problem("PostgreSQL does not respond.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>The response to an accepted request.</summary>
    private sealed record AcceptedIngestion([property: JsonPropertyName("ingestion_id")] Guid IngestionId);
}
