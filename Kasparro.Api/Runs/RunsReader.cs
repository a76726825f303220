using Kasparro.Api.Errors;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace Kasparro.Api.Runs;

/// <summary>Reads <c>ingestion_runs</c> and what belongs to a run.</summary>
internal sealed class RunsReader(IServiceScopeFactory scopes, CatalogueDeadline deadline, TimeProvider time)
{
    /// <summary>Reads a page, the newest run first.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public Task<RunPage> ReadAsync(RunsQuery query, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(query, token)).WaitAsync(cancellationToken);

    /// <summary>Reads one run whole; null where there is none.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public Task<RunResponse?> ReadAsync(Guid runId, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(runId, token)).WaitAsync(cancellationToken);

    private async Task<RunPage> QueryAsync(RunsQuery query, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var runs = scope.ServiceProvider.GetRequiredService<CatalogueContext>().IngestionRuns.AsNoTracking();
        runs = query.Before is { } before ? runs.Where(run => run.RunId < before) : runs;
        runs = query.Source is { } source ? runs.Where(run => run.Source == source) : runs;
        runs = query.Status is { } status ? runs.Where(run => run.Status == status) : runs;
        var page = await runs.OrderByDescending(run => run.RunId).Take(query.Limit + 1).ToListAsync(cancellationToken);
        return new(
            [.. page.Take(query.Limit).Select(Summarize)],
            page.Count > query.Limit ? RunsQuery.CursorAfter(page[query.Limit - 1].RunId) : null);
    }

    private async Task<RunResponse?> QueryAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
        if (await catalogue.IngestionRuns.AsNoTracking().SingleOrDefaultAsync(run => run.RunId == runId, cancellationToken) is not { } run)
        {
            return null;
        }

        var checkpoints = await catalogue.Checkpoints.AsNoTracking()
            .Where(checkpoint => checkpoint.RunId == runId)
            .OrderBy(checkpoint => checkpoint.Stream)
            .ToListAsync(cancellationToken);
        var drifts = await catalogue.SchemaDrifts.AsNoTracking()
            .Where(drift => drift.RunId == runId)
            .OrderBy(drift => drift.Stream).ThenBy(drift => drift.Path)
            .ToListAsync(cancellationToken);
        var rejections = await catalogue.RejectedRecords.AsNoTracking()
            .Where(record => record.RunId == runId)
            .GroupBy(record => record.Reason)
            .Select(group => new { Reason = group.Key, Records = group.LongCount() })
            .OrderByDescending(group => group.Records).ThenBy(group => group.Reason)
            .ToListAsync(cancellationToken);

        return new(
            Summarize(run),
            run.LastExternalId,
            [.. checkpoints.Select(point => new RunCheckpoint(point.Stream, point.Page, point.Records, point.IsComplete, point.UpdatedAt.UtcDateTime))],
            [.. drifts.Select(drift => new RunDrift(
                drift.Stream, drift.Path, drift.Kind, drift.Expected, drift.Found, drift.RenamedTo, drift.Confidence, drift.Occurrences, drift.Policy))],
            [.. rejections.Select(rejection => new RunRejection(rejection.Reason, rejection.Records))]);
    }

    private RunSummary Summarize(IngestionRun run) => new(
        run.RunId,
        run.IngestionId,
        run.Source,
        run.Trigger,
        run.Upstreams,
        run.Status,
        run.StartedAt.UtcDateTime,
        run.FinishedAt?.UtcDateTime,
        ((run.FinishedAt ?? time.GetUtcNow()) - run.StartedAt).TotalMilliseconds,
        new(run.Pages, run.RecordsRead, run.Inserted, run.Updated, run.Unchanged, run.Duplicates, run.Rejected),
        run.Error);
}
