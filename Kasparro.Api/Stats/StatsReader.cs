using System.Linq.Expressions;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace Kasparro.Api.Stats;

/// <summary>
/// Aggregates <c>ingestion_runs</c>, and reads how many calls are left: for the minute from Redis, for the month from
/// <c>upstream_quotas</c>.
/// </summary>
internal sealed class StatsReader(IServiceScopeFactory scopes, UpstreamCallsReader calls, CatalogueDeadline deadline, TimeProvider time)
{
    // A replay does not read a source, and a backfill reads only its history: neither shows how a source is doing.
    private static readonly Expression<Func<IngestionRun, bool>> ReadsSource = run =>
        run.Trigger != RunTrigger.Replay && run.Trigger != RunTrigger.Backfill;

    /// <summary>Reads the current statistics.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<StatsResponse> ReadAsync(CancellationToken cancellationToken)
    {
        var left = calls.ReadAsync(cancellationToken);
        var (stats, quotas) = await deadline.RunAsync(QueryAsync, cancellationToken);
        return stats with
        {
            UpstreamCalls = (await left)?.ToDictionary(
                calls => calls.Key,
                calls => quotas.GetValueOrDefault(calls.Key) is { } quota
                    ? calls.Value with { MonthLimit = quota.CallLimit, LeftThisMonth = Left(quota) } : calls.Value,
                StringComparer.Ordinal),
        };
    }

    private DateOnly Month
    {
        get
        {
            var now = time.GetUtcNow();
            return new(now.Year, now.Month, 1);
        }
    }

    /// <summary>Returns the calls that are left of a quota: all of them if its last call was in another month.</summary>
    private long Left(UpstreamQuota quota) => quota.Month == Month ? Math.Max(0, quota.CallLimit - quota.Calls) : quota.CallLimit;

    private async Task<(StatsResponse Stats, Dictionary<string, UpstreamQuota> Quotas)> QueryAsync(CancellationToken cancellationToken)
    {
        // Uses its own scope: the request's scope may end before a late query does.
        await using var scope = scopes.CreateAsyncScope();
        var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();

        // One statement, so that the sum and the newest runs are from the same moment. Runs are ordered by their fencing tokens, since
        // clocks may be set back.
        var sources = await catalogue.IngestionRuns.AsNoTracking()
            .GroupBy(run => run.Source)
            .Select(runs => new
            {
                Source = runs.Key,
                Records = runs.Sum(run => run.RecordsRead),
                LastSuccess = runs.AsQueryable().Where(ReadsSource).Where(run => run.Status == RunStatus.Completed)
                    .OrderByDescending(run => run.FencingToken).ThenByDescending(run => run.StartedAt)
                    .Select(run => run.FinishedAt).FirstOrDefault(),
                LastFailure = runs.AsQueryable().Where(ReadsSource)
                    .Where(run => run.Status == RunStatus.Failed || run.Status == RunStatus.Interrupted || run.Status == RunStatus.LostLock)
                    .OrderByDescending(run => run.FencingToken).ThenByDescending(run => run.StartedAt)
                    .Select(run => run.FinishedAt).FirstOrDefault(),
                Newest = runs.AsQueryable().Where(ReadsSource)
                    .OrderByDescending(run => run.FencingToken).ThenByDescending(run => run.StartedAt)
                    .ThenByDescending(run => run.RunId).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);

        var checkpoints = await catalogue.Checkpoints.AsNoTracking()
            .Where(checkpoint => checkpoint.LastExternalId != null)
            .GroupBy(checkpoint => checkpoint.Source)
            .Select(group => group.OrderByDescending(checkpoint => checkpoint.UpdatedAt).First())
            .ToDictionaryAsync(checkpoint => checkpoint.Source, StringComparer.Ordinal, cancellationToken);

        var recent = new Dictionary<string, List<RecentRun>>(StringComparer.Ordinal);
        foreach (var name in SourceNames.All)
        {
            recent[name] = await catalogue.IngestionRuns.AsNoTracking().Where(ReadsSource)
                .Where(run => run.Source == name && run.FinishedAt != null && run.Status != RunStatus.Cancelled)
                .OrderByDescending(run => run.FencingToken).ThenByDescending(run => run.StartedAt).ThenByDescending(run => run.RunId)
                .Take(SourceStats.RecentRuns)
                .Select(run => new RecentRun(run.Status, run.StartedAt, run.FinishedAt!.Value))
                .ToListAsync(cancellationToken);
        }

        var month = Month;
        var quotas = await catalogue.UpstreamQuotas.AsNoTracking()
            .Where(quota => quota.Month <= month)
            .GroupBy(quota => quota.Source)
            .Select(group => group.OrderByDescending(quota => quota.Month).First())
            .ToDictionaryAsync(quota => quota.Source, StringComparer.Ordinal, cancellationToken);

        var stats = new StatsResponse(
            sources.Sum(source => source.Records),
            sources.Max(source => source.LastSuccess)?.UtcDateTime,
            sources.Max(source => source.LastFailure)?.UtcDateTime,
            sources.Select(source => source.Newest).OfType<IngestionRun>().MaxBy(run => (run.FencingToken, run.StartedAt))?.Upstreams,
            SourceNames.All.ToDictionary(
                name => name,
                name => Describe(
                    sources.Find(source => source.Source == name)?.Newest,
                    checkpoints.GetValueOrDefault(name),
                    sources.Find(source => source.Source == name)?.LastSuccess,
                    recent[name]),
                StringComparer.Ordinal),
            UpstreamCalls: null);
        return (stats, quotas);
    }

    private SourceStats Describe(
        IngestionRun? run, Checkpoint? checkpoint, DateTimeOffset? lastSuccess, List<RecentRun> recent) => run is null
        ? SourceStats.NeverRun
        : new SourceStats(
            checkpoint?.LastExternalId ?? run.LastExternalId,
            checkpoint?.UpdatedAt.UtcDateTime ?? (run.LastExternalId is null ? null : run.FinishedAt?.UtcDateTime),
            run.Status,
            run.RunId,
            run.RecordsRead,
            ((run.FinishedAt ?? time.GetUtcNow()) - run.StartedAt).TotalMilliseconds,
            lastSuccess is { } success ? Math.Max(0, (time.GetUtcNow() - success).TotalSeconds) : null,
            recent.Count > 0 ? (double)recent.Count(ended => ended.Status == RunStatus.Completed) / recent.Count : null,
            Quantile(recent, 0.5),
            Quantile(recent, 0.95));

    /// <summary>
    /// Returns a quantile of the completed runs' durations in milliseconds, by the nearest-rank method; null if there are none.
    /// </summary>
    private static double? Quantile(List<RecentRun> recent, double share)
    {
        var durations = recent.Where(run => run.Status == RunStatus.Completed)
            .Select(run => (run.FinishedAt - run.StartedAt).TotalMilliseconds).Order().ToList();
        return durations.Count > 0 ? durations[(int)Math.Ceiling(share * durations.Count) - 1] : null;
    }

    private sealed record RecentRun(string Status, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);
}
