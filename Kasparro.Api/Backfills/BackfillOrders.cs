using System.Diagnostics;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Backfills;

/// <summary>Orders backfills from the workers, through PostgreSQL, and reads their outcome.</summary>
internal sealed class BackfillOrders(
    IServiceScopeFactory scopes, NpgsqlDataSource catalogue, CatalogueDeadline deadline, BackfillProgressReader progress, TimeProvider time)
{
    private const string CancelSql = $"UPDATE backfills b SET cancelled_at = $2 WHERE b.backfill_id = $1 AND {Backfill.IsActive}";

    // Limited, as a backfill may have thousands of failures.
    private const string FailuresSql = """
        SELECT b.backfill_id, failed.source, failed.external_id, failed.error
        FROM unnest($1) AS b (backfill_id) CROSS JOIN LATERAL (
            SELECT w.source, w.external_id, max(w.error) AS error FROM backfill_windows w
            WHERE w.backfill_id = b.backfill_id AND w.closed_at IS NOT NULL AND w.error IS NOT NULL
            GROUP BY w.source, w.external_id ORDER BY w.source COLLATE "C", w.external_id COLLATE "C" LIMIT $2) AS failed
        ORDER BY failed.source COLLATE "C", failed.external_id COLLATE "C"
        """;

    /// <summary>Orders a backfill.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<BackfillResponse> AddAsync(Guid[]? assetIds, string? source, int? top, DateTime from, DateTime to,
        CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var backfill = new Backfill
        {
            BackfillId = Guid.CreateVersion7(now),
            Origin = BackfillOrigin.Request,
            AssetIds = assetIds,
            Source = source,
            Top = top,
            StartsAt = new(from, TimeSpan.Zero),
            EndsAt = new(to, TimeSpan.Zero),
            OrderedAt = now,
            TraceParent = Activity.Current?.Id,
        };
        return deadline.RunAsync(
            async token =>
            {
                await InsertAsync(backfill, token);
                return (await QueryAsync(backfill.BackfillId, 1, token)).Single();
            },
            cancellationToken);
    }

    /// <summary>Reads one backfill, or null if there is none with the id.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<BackfillResponse?> FindAsync(Guid backfillId, CancellationToken cancellationToken) =>
        deadline.RunAsync(async token => (await QueryAsync(backfillId, 1, token)).SingleOrDefault(), cancellationToken);

    /// <summary>Reads the newest backfills.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<List<BackfillResponse>> ReadAsync(int limit, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(backfillId: null, limit, token), cancellationToken);

    /// <summary>Cancels a backfill that has not ended: its worker stops after the current window, and what has been read is kept.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<bool> CancelAsync(Guid backfillId, CancellationToken cancellationToken) => deadline.RunAsync(
        async token =>
        {
            await using var command = catalogue.CreateCommand(CancelSql);
            command.Parameters.AddValues([backfillId, time.GetUtcNow()]);
            return await command.ExecuteNonQueryAsync(token) == 1;
        },
        cancellationToken);

    // The deadline repeats this after a broken connection; if the same backfill already exists, it is this one.
    private async Task InsertAsync(Backfill backfill, CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(Backfill.InsertSql);
        command.Parameters.AddValues(
        [
            backfill.BackfillId, backfill.Origin, NullableParameters.From(backfill.AssetIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            NullableParameters.Text(backfill.Source), NullableParameters.From(backfill.Top, NpgsqlDbType.Integer), backfill.StartsAt,
            backfill.EndsAt, backfill.OrderedAt, NullableParameters.Text(backfill.TraceParent),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<BackfillResponse>> QueryAsync(Guid? backfillId, int limit, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
        var backfills = await context.Backfills.AsNoTracking()
            .Where(backfill => backfillId == null || backfill.BackfillId == backfillId)
            .OrderByDescending(backfill => backfill.BackfillId).Take(limit).ToListAsync(cancellationToken);
        var ids = backfills.ConvertAll(backfill => backfill.BackfillId);
        var far = await progress.QueryAsync(ids, cancellationToken);
        var failures = await QueryFailuresAsync(ids, cancellationToken);
        return backfills.ConvertAll(backfill => Describe(
            backfill, far.GetValueOrDefault(backfill.BackfillId), [.. failures[backfill.BackfillId]]));
    }

    private async Task<ILookup<Guid, BackfillFailure>> QueryFailuresAsync(List<Guid> backfills, CancellationToken cancellationToken)
    {
        var failures = await catalogue.QueryAsync(
            FailuresSql,
            [backfills, BackfillResponse.MaxFailures],
            row => (Backfill: row.GetGuid(0), Failure: new BackfillFailure(row.GetString(1), row.GetString(2), row.GetString(3))),
            cancellationToken);
        return failures.ToLookup(row => row.Backfill, row => row.Failure);
    }

    private static BackfillResponse Describe(Backfill backfill, BackfillProgress? progress, IReadOnlyList<BackfillFailure> failures) => new(
        backfill.BackfillId,
        backfill switch
        {
            { CancelledAt: not null } => "cancelled",
            { FinishedAt: not null } => backfill.Error is not null || progress is null || progress.Failed == progress.Windows
                ? "failed" : "completed",
            { PlannedAt: not null } => "running",
            _ => "waiting",
        },
        backfill.Origin,
        backfill.AssetIds?.Length,
        backfill.Source,
        backfill.Top,
        backfill.StartsAt.UtcDateTime,
        backfill.EndsAt.UtcDateTime,
        backfill.OrderedAt.UtcDateTime,
        backfill.PlannedAt?.UtcDateTime,
        (backfill.FinishedAt ?? backfill.CancelledAt)?.UtcDateTime,
        progress,
        backfill.Error,
        failures);
}
