using Kasparro.ServiceDefaults.Redis;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Whether the worker can work: unhealthy from an ingestion that could not start until one can, and while Redis refuses writes, which its
/// response to PING does not show.
/// </summary>
internal sealed class WorkerHealth(IConnectionMultiplexer redis) : IHealthCheck
{
    private static readonly TimeSpan ProbeExpiry = TimeSpan.FromSeconds(5);

    private volatile string? _trouble;

    /// <summary>Notes that an ingestion could start, or that no source was due.</summary>
    public void Succeeded() => _trouble = null;

    /// <summary>Notes why an ingestion could not start.</summary>
    public void Failed(string reason) => _trouble = reason;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (_trouble is { } trouble)
        {
            return HealthCheckResult.Unhealthy(trouble);
        }

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
