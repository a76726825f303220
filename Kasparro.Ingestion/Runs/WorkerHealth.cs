using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kasparro.Ingestion.Runs;

/// <summary>Whether the worker can work: unhealthy from an ingestion that could not start until one can.</summary>
internal sealed class WorkerHealth : IHealthCheck
{
    private volatile string? _trouble;

    /// <summary>Notes that an ingestion could start, or that no source was due.</summary>
    public void Succeeded() => _trouble = null;

    /// <summary>Notes why an ingestion could not start.</summary>
    public void Failed(string reason) => _trouble = reason;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_trouble is { } trouble ? HealthCheckResult.Unhealthy(trouble) : HealthCheckResult.Healthy());
}
