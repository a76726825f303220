using Kasparro.Api.Errors;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Stats;

/// <summary>Adds up <c>ingestion_runs</c>.</summary>
internal sealed class StatsReader(CatalogueContext catalogue, TimeProvider time, IOptions<ApiOptions> options)
{
    /// <summary>Reads the numbers as they stand.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public async Task<StatsResponse> ReadAsync(CancellationToken cancellationToken)
    {
        // EF Core's own retries go on for longer than a client waits.
        using var timeout = new CancellationTokenSource(options.Value.DatabaseTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await QueryAsync(either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && CatalogueUnavailableException.IsMeantBy(exception))
        {
            throw new CatalogueUnavailableException(exception);
        }
    }

    private async Task<StatsResponse> QueryAsync(CancellationToken cancellationToken)
    {
        // One statement, so that the sum and the newest runs are of one moment.
        var sources = await catalogue.IngestionRuns.AsNoTracking()
            .GroupBy(run => run.Source)
            .Select(runs => new
            {
                Source = runs.Key,
                Records = runs.Sum(run => run.RecordsRead),
                LastSuccess = runs.Max(run => run.Status == RunStatus.Completed ? run.FinishedAt : null),
                LastFailure = runs.Max(run =>
                    run.Status == RunStatus.Failed || run.Status == RunStatus.Interrupted || run.Status == RunStatus.LostLock ? run.FinishedAt : null),
                Newest = runs.OrderByDescending(run => run.StartedAt).ThenByDescending(run => run.RunId).First(),
            })
            .ToListAsync(cancellationToken);

        var checkpoints = await catalogue.Checkpoints.AsNoTracking()
            .Where(checkpoint => checkpoint.LastExternalId != null)
            .GroupBy(checkpoint => checkpoint.Source)
            .Select(group => group.OrderByDescending(checkpoint => checkpoint.UpdatedAt).First())
            .ToDictionaryAsync(checkpoint => checkpoint.Source, StringComparer.Ordinal, cancellationToken);

        return new StatsResponse(
            sources.Sum(source => source.Records),
            sources.Max(source => source.LastSuccess)?.UtcDateTime,
            sources.Max(source => source.LastFailure)?.UtcDateTime,
            sources.MaxBy(source => source.Newest.StartedAt)?.Newest.Upstreams,
            SourceNames.All.ToDictionary(
                name => name,
                name => Describe(
                    sources.Find(source => source.Source == name)?.Newest,
                    checkpoints.GetValueOrDefault(name)),
                StringComparer.Ordinal));
    }

    private SourceStats Describe(IngestionRun? run, Checkpoint? checkpoint) => run is null
        ? SourceStats.NeverRun
        : new SourceStats(
            checkpoint?.LastExternalId ?? run.LastExternalId,
            checkpoint?.UpdatedAt.UtcDateTime ?? (run.LastExternalId is null ? null : run.FinishedAt?.UtcDateTime),
            run.Status,
            run.RunId,
            run.RecordsRead,
            ((run.FinishedAt ?? time.GetUtcNow()) - run.StartedAt).TotalMilliseconds);
}
