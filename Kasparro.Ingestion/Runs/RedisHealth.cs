using Kasparro.ServiceDefaults.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Whether Redis accepts writes, which its response to PING does not show. Unlike Aspire's check, it ends when it is cancelled, even while
/// the client waits for a connection.
/// </summary>
internal sealed class RedisHealth(IConnectionMultiplexer redis) : IHealthCheck
{
    private static readonly TimeSpan ProbeExpiry = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await redis.GetDatabase().StringSetAsync($"{CacheKeys.IngestionLock}:probe", "1", ProbeExpiry).WaitAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            return HealthCheckResult.Unhealthy($"Redis refuses to write, so no ingestion can start: {e.Message}");
        }
    }
}
