using Microsoft.AspNetCore.Http.HttpResults;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>The worker's own route, for operators.</summary>
internal static class IngestionEndpoint
{
    /// <summary>
    /// Maps <c>POST /ingestions</c>: all sources are read now, out of turn. 202 when the ingestion begins, 409 while one runs here or
    /// elsewhere, 503 while Redis, which knows about elsewhere, does not answer.
    /// </summary>
    public static void MapIngestions(this WebApplication app) => app.MapPost("/ingestions", StartAsync).RequireOperatorKey();

    private static async Task<Results<Accepted, ProblemHttpResult>> StartAsync(IngestionBell bell, IConnectionMultiplexer redis, CancellationToken cancellationToken)
    {
        try
        {
            var isLocked = await redis.GetDatabase().KeyExistsAsync(CacheKeys.IngestionLock).WaitAsync(cancellationToken);
            return !isLocked && bell.TryRing()
                ? TypedResults.Accepted((string?)null)
                : TypedResults.Problem("An ingestion is running already.", statusCode: StatusCodes.Status409Conflict);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return TypedResults.Problem("Redis does not answer, and an ingestion needs its lock.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
