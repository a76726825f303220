using Kasparro.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Kasparro.Api.Health;

/// <summary>Whether the catalogue can be read: that it is there, and that its schema is the one that this version of the API reads, or a newer one.</summary>
internal sealed class DatabaseHealthCheck(NpgsqlDataSource catalogue, IServiceScopeFactory scopes) : IHealthCheck
{
    private const string Sql = """
        SELECT EXISTS (SELECT FROM "__EFMigrationsHistory" WHERE "MigrationId" = $1) FROM catalogue_state WHERE id = 1
        """;

    private readonly Lazy<string> _newestMigration = new(() =>
    {
        using var scope = scopes.CreateScope();
        return scope.ServiceProvider.GetRequiredService<CatalogueContext>().Database.GetMigrations().Last();
    });

    // Not waited for beyond the timeout: on a line that went silent Npgsql takes its time to cancel.
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        ReadAsync(cancellationToken).WaitAsync(cancellationToken);

    private async Task<HealthCheckResult> ReadAsync(CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = _newestMigration.Value });
        return await command.ExecuteScalarAsync(cancellationToken) switch
        {
            true => HealthCheckResult.Healthy(),
            false => HealthCheckResult.Unhealthy($"the schema lacks the migration {_newestMigration.Value}"),
            _ => HealthCheckResult.Unhealthy("catalogue_state has no row"),
        };
    }
}
