using Kasparro.Data.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Kasparro.Api.Health;

/// <summary>Whether the catalogue can be read: that it is there, and that its schema is the one that this version of the API reads, or a newer one.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource catalogue) : IHealthCheck
{
    // Not waited for beyond the timeout: on a line that went silent Npgsql takes its time to cancel.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        ReadAsync(cancellationToken).WaitAsync(cancellationToken);

    private async Task<HealthCheckResult> ReadAsync(CancellationToken cancellationToken) => await SchemaMigrator.IsCurrentAsync(catalogue, cancellationToken)
        ? HealthCheckResult.Healthy()
        : HealthCheckResult.Unhealthy($"the schema lacks the migration {SchemaMigrator.NewestMigration}");
}
