using Kasparro.Data.Schema;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Kasparro.Api.Health;

/// <summary>Checks that the catalogue has the schema that this API was built for; until it is migrated, the API is not ready.</summary>
internal sealed class SchemaHealthCheck(NpgsqlDataSource catalogue) : IHealthCheck
{
    // A schema is never downgraded, so one success is enough.
    private volatile bool _isCurrent;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        _isCurrent = _isCurrent || await SchemaMigrator.IsCurrentAsync(catalogue, cancellationToken);
        return _isCurrent ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy($"migration {SchemaMigrator.NewestMigration} was " +
            $"not applied yet");
    }
}
