using Kasparro.Data.Runs;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Health;

/// <summary>
/// Checks that the ingestion keeps the catalogue fresh: degraded if the last finished run of a source did not complete, or if no run
/// completed recently, which is also the case before the first run.
/// </summary>
internal sealed class IngestionHealthCheck(NpgsqlDataSource catalogue, SourceAges ages, TimeProvider time, IOptions<ApiOptions> options)
    : IHealthCheck
{
    // A cancelled run was stopped by an operator: it counts neither as failed nor as completed. Replays read rejected records and backfills
    // read history, so neither counts. Runs are ordered by their fencing tokens, since clocks may be set back.
    private const string Sql = $"""
        SELECT name, last.status, completed.finished_at
        FROM unnest($1) AS name
        LEFT JOIN LATERAL (
            SELECT status FROM ingestion_runs
            WHERE source = name AND finished_at IS NOT NULL AND status <> '{RunStatus.Cancelled}' AND trigger NOT IN {RunTrigger.NotOfNow}
            ORDER BY fencing_token DESC, started_at DESC LIMIT 1) AS last ON true
        LEFT JOIN LATERAL (
            SELECT finished_at FROM ingestion_runs
            WHERE source = name AND status = '{RunStatus.Completed}' AND trigger NOT IN {RunTrigger.NotOfNow}
            ORDER BY fencing_token DESC, started_at DESC LIMIT 1) AS completed ON true
        """;

    private static readonly string[] Sources = [.. SourceNames.All];

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        DateTime? lastCompleted = null;
        string? failed = null;
        await using var command = catalogue.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = Sources });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var source = reader.GetString(0);
            if (!reader.IsDBNull(1) && reader.GetString(1) is var status and not RunStatus.Completed)
            {
                failed ??= $"the last run of {source}: {status}";
            }

            if (!reader.IsDBNull(2))
            {
                var completed = reader.GetDateTime(2);
                ages.Completed(source, completed);
                lastCompleted = lastCompleted > completed ? lastCompleted : completed;
            }
        }

        return failed is not null ? HealthCheckResult.Degraded(failed)
            : lastCompleted is { } at && time.GetUtcNow().UtcDateTime - at is var age && age <= options.Value.EtlMaxAge
                && age >= -options.Value.EtlMaxAge ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded("no run completed lately");
    }
}
