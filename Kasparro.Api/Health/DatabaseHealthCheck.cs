using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Kasparro.Api.Health;

/// <summary>Whether the catalogue can be read.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource catalogue) : IHealthCheck
{
    // Not waited for beyond the timeout: on a line that went silent Npgsql takes its time to cancel.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        ReadAsync(cancellationToken).WaitAsync(cancellationToken);

    private async Task<HealthCheckResult> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand("SELECT version FROM catalogue_state WHERE id = 1");
        return await command.ExecuteScalarAsync(cancellationToken) is long
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("catalogue_state has no row");
    }
}
