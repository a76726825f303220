using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Kasparro.Api.Health;

/// <summary>Checks that the catalogue can be read.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource catalogue) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        await using var command = catalogue.CreateCommand("SELECT version FROM catalogue_state WHERE id = 1");
        return await command.ExecuteScalarAsync(cancellationToken) is long
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("catalogue_state has no row");
    }
}
