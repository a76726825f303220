using System.Diagnostics;
using Kasparro.Api.Postgres;
using Kasparro.Api.Runs;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Kasparro.Api.Ingestions;

/// <summary>Orders ingestions from the workers, through PostgreSQL, and reads their outcome.</summary>
internal sealed class IngestionOrderStore(
    IServiceScopeFactory scopes, NpgsqlDataSource dataSource, CatalogueDeadline deadline, TimeProvider time)
{
    /// <summary>Orders an ingestion; null if one is running or another order is waiting.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<IngestionResponse?> OrderAsync(string? source, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var order = new IngestionOrder
        {
            IngestionId = Guid.CreateVersion7(now),
            Source = source,
            OrderedAt = now,
            TraceParent = Activity.Current?.Id,
        };
        return deadline.RunAsync(token => InsertAsync(order, token), cancellationToken);
    }

    /// <summary>Reads an ordered ingestion, or null if there is none with the id.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<IngestionResponse?> FindAsync(Guid ingestionId, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(ingestionId, token), cancellationToken);

    // The deadline repeats this after a broken connection; if the same order already exists, it is this one.
    private async Task<IngestionResponse?> InsertAsync(IngestionOrder order, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(IngestionOrder.InsertSql);
        command.Parameters.AddValues(
        [
            order.IngestionId, NullableParameters.Text(order.Source), order.OrderedAt, NullableParameters.Text(order.TraceParent),
        ]);
        await command.ExecuteScalarAsync(cancellationToken);
        return await QueryAsync(order.IngestionId, cancellationToken);
    }

    private async Task<IngestionResponse?> QueryAsync(Guid ingestionId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
        if (await catalogue.IngestionOrders.AsNoTracking()
            .SingleOrDefaultAsync(order => order.IngestionId == ingestionId, cancellationToken) is not { } order)
        {
            return null;
        }

        var runs = await catalogue.IngestionRuns.AsNoTracking()
            .Where(run => run.IngestionId == ingestionId)
            .OrderBy(run => run.RunId)
            .ToListAsync(cancellationToken);
        return new(
            order.IngestionId,
            order.Source,
            order.OrderedAt.UtcDateTime,
            order.TakenAt?.UtcDateTime,
            [.. runs.Select(run => new IngestionRunResponse(run.RunId, run.Source, run.Status, RunCounts.From(run)))]);
    }
}
