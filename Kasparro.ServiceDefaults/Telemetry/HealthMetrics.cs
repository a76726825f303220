using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kasparro.ServiceDefaults.Telemetry;

/// <summary>Publishes health checks as <c>kasparro.health_check.status</c> by check: 1 healthy, 0.5 degraded, 0 unhealthy.</summary>
internal sealed class HealthMetrics : IHealthCheckPublisher
{
    public const string MeterName = "Kasparro.Health";

    private volatile HealthReport? _report;

    public HealthMetrics(IMeterFactory meters) => meters.Create(MeterName).CreateObservableGauge(
        "kasparro.health_check.status", Observe, unit: null, "How a check ended: 1 healthy, 0.5 degraded, 0 unhealthy.");

    public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
    {
        _report = report;
        return Task.CompletedTask;
    }

    private IEnumerable<Measurement<double>> Observe() => _report?.Entries.Select(entry => new Measurement<double>(
        entry.Value.Status switch { HealthStatus.Healthy => 1, HealthStatus.Degraded => 0.5, _ => 0 },
        new KeyValuePair<string, object?>("check", entry.Key))) ?? [];
}
