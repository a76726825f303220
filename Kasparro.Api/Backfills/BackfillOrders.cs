using System.Diagnostics;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Backfills;

/// <summary>Gives backfills to the workers, through PostgreSQL, and tells what became of them.</summary>
internal sealed class BackfillOrders(
    IServiceScopeFactory scopes, NpgsqlDataSource catalogue, CatalogueDeadline deadline, BackfillProgressReader progress, TimeProvider time)
{
    private const string CancelSql = $"UPDATE backfills b SET cancelled_at = $2 WHERE b.backfill_id = $1 AND {Backfill.IsActive}";

    /// <summary>Orders a backfill.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<BackfillResponse?> AddAsync(Guid[]? assetIds, string? source, int? top, DateTime from, DateTime to,
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
                return (await QueryAsync(backfill.BackfillId, 1, token)).SingleOrDefault();
            },
            cancellationToken);
    }

    /// <summary>Reads one backfill; null where there is none.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<BackfillResponse?> FindAsync(Guid backfillId, CancellationToken cancellationToken) =>
        deadline.RunAsync(async token => (await QueryAsync(backfillId, 1, token)).SingleOrDefault(), cancellationToken);

    /// <summary>Reads the newest backfills.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<List<BackfillResponse>> ReadAsync(int limit, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(backfillId: null, limit, token), cancellationToken);

    /// <summary>Cancels a backfill that has not ended: its worker stops after the window at hand, and what is read stays.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<bool> CancelAsync(Guid backfillId, CancellationToken cancellationToken) => deadline.RunAsync(
        async token =>
        {
            await using var command = catalogue.CreateCommand(CancelSql);
            command.Parameters.Add(new() { Value = backfillId });
            command.Parameters.Add(new() { Value = time.GetUtcNow() });
            return await command.ExecuteNonQueryAsync(token) == 1;
        },
        cancellationToken);

    // Repeated by the deadline after a broken connection: the same backfill that is in already is this one.
    private async Task InsertAsync(Backfill backfill, CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(Backfill.InsertSql);
        command.Parameters.Add(new() { Value = backfill.BackfillId });
        command.Parameters.Add(new() { Value = backfill.Origin });
        command.Parameters.Add(Nullable(backfill.AssetIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid));
        command.Parameters.Add(Nullable(backfill.Source, NpgsqlDbType.Text));
        command.Parameters.Add(Nullable(backfill.Top, NpgsqlDbType.Integer));
        command.Parameters.Add(new() { Value = backfill.StartsAt });
        command.Parameters.Add(new() { Value = backfill.EndsAt });
        command.Parameters.Add(new() { Value = backfill.OrderedAt });
        command.Parameters.Add(Nullable(backfill.TraceParent, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellationToken);

        static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
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
        var failures = (await context.BackfillWindows.AsNoTracking()
            .Where(window => ids.Contains(window.BackfillId) && window.ClosedAt != null && window.Error != null)
            .GroupBy(window => new { window.BackfillId, window.Source, window.ExternalId })
            .Select(group => new
            {
                group.Key.BackfillId,
                group.Key.Source,
                group.Key.ExternalId,
                Error = group.Max(window => window.Error)!,
            })
            .ToListAsync(cancellationToken)).ToLookup(
                failure => failure.BackfillId, failure => new BackfillFailure(failure.Source, failure.ExternalId, failure.Error));
        return backfills.ConvertAll(backfill => Describe(
            backfill, far.GetValueOrDefault(backfill.BackfillId), [.. failures[backfill.BackfillId].Take(BackfillResponse.MaxFailures)]));
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
