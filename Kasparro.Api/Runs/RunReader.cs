using Kasparro.Api.Backfills;
using Kasparro.Api.Postgres;
using Kasparro.Api.Quality;
using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Microsoft.EntityFrameworkCore;

namespace Kasparro.Api.Runs;

/// <summary>Reads <c>ingestion_runs</c> and the data that belongs to a run.</summary>
internal sealed class RunReader(
    IServiceScopeFactory scopes, CatalogueDeadline deadline, BackfillProgressReader backfills, TimeProvider time)
{
    /// <summary>Reads a page of runs, the newest first.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<RunPage> ReadAsync(RunsRequest request, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(request, token), cancellationToken);

    /// <summary>Reads one run with all its details, or null if there is none with the id.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<RunResponse?> ReadAsync(Guid runId, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(runId, token), cancellationToken);

    private async Task<RunPage> QueryAsync(RunsRequest request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
        var runs = catalogue.IngestionRuns.AsNoTracking();
        runs = request.Cursor is { RunId: var before } ? runs.Where(run => run.RunId < before) : runs;
        runs = request.Source is { } source ? runs.Where(run => run.Source == source) : runs;
        runs = request.Status is { } status ? runs.Where(run => run.Status == status) : runs;
        var page = await runs.OrderByDescending(run => run.RunId).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return new(
            await SummarizeAsync(catalogue, [.. page.Take(request.Limit)], cancellationToken),
            page.Count > request.Limit ? new RunCursor(page[request.Limit - 1].RunId).ToString() : null);
    }

    private async Task<RunResponse?> QueryAsync(Guid runId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
        if (await catalogue.IngestionRuns.AsNoTracking().SingleOrDefaultAsync(run => run.RunId == runId, cancellationToken) is not { } run)
        {
            return null;
        }

        var summary = (await SummarizeAsync(catalogue, [run], cancellationToken))[0];
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
            summary,
            run.LastExternalId,
            DescribeQuotes(run),
            DescribeStages(run),
            run.UpstreamCalls,
            [.. checkpoints.Select(
                point => new RunCheckpoint(point.Stream, point.Page, point.Records, point.IsComplete, point.UpdatedAt.UtcDateTime))],
            [.. drifts.Select(drift => new RunDrift(
                drift.Stream, drift.Path, drift.Kind, drift.Expected, drift.Found, drift.RenamedTo, drift.Confidence, drift.Occurrences,
                drift.Policy))],
            [.. rejections.Select(rejection => new RunRejection(rejection.Reason, rejection.Records))]);
    }

    /// <summary>Compares two runs; null if one of them does not exist.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<RunComparison?> CompareAsync(Guid first, Guid second, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(first, second, token), cancellationToken);

    private async Task<RunComparison?> QueryAsync(Guid first, Guid second, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var catalogue = scope.ServiceProvider.GetRequiredService<CatalogueContext>();
        var pair = await catalogue.IngestionRuns.AsNoTracking().Where(run => run.RunId == first || run.RunId == second)
            .ToListAsync(cancellationToken);
        if (pair.Find(run => run.RunId == first) is not { } a || pair.Find(run => run.RunId == second) is not { } b)
        {
            return null;
        }

        var summaries = await SummarizeAsync(catalogue, [a, b], cancellationToken);
        var (earlier, later) = a.StartedAt <= b.StartedAt ? (a, b) : (b, a);
        var (from, to) = (earlier.FinishedAt ?? earlier.StartedAt, later.FinishedAt ?? time.GetUtcNow());
        var isSameSource = a.Source == b.Source;
        return new(
            new(summaries[0], DescribeQuotes(a)),
            new(summaries[1], DescribeQuotes(b)),
            isSameSource ? await ReadAddedAsync(catalogue, a.Source, from, to, cancellationToken) : [],
            isSameSource ? await ReadMovedAsync(catalogue, first, second, cancellationToken) : []);
    }

    private static Task<List<ComparedAsset>> ReadAddedAsync(
        CatalogueContext catalogue, string source, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        catalogue.Listings.AsNoTracking()
            .Where(listing => listing.Source == source && listing.CreatedAt > from && listing.CreatedAt <= to)
            .OrderBy(listing => listing.CreatedAt).ThenBy(listing => listing.ListingId)
            .Take(RunComparison.MaxAssets)
            .Select(listing => new ComparedAsset(listing.AssetId, listing.ExternalId, listing.Symbol, listing.Name))
            .ToListAsync(cancellationToken);

    private static async Task<List<MovedAsset>> ReadMovedAsync(
        CatalogueContext catalogue, Guid first, Guid second, CancellationToken cancellationToken)
    {
        var moved = await Newest(first)
            .Join(
                Newest(second),
                quote => quote.ListingId,
                quote => quote.ListingId,
                (one, other) => new { one.ListingId, PriceA = one.PriceUsd!.Value, PriceB = other.PriceUsd!.Value })

            // Not the logarithm of the quotient, which can leave a double's range; PostgreSQL refuses that with 22003.
            .OrderByDescending(pair => Math.Abs(Math.Log(pair.PriceB) - Math.Log(pair.PriceA))).ThenBy(pair => pair.ListingId)
            .Take(RunComparison.MaxAssets)
            .Join(
                catalogue.Listings,
                pair => pair.ListingId,
                listing => listing.ListingId,
                (pair, listing) => new { listing.AssetId, listing.ExternalId, listing.Symbol, pair.PriceA, pair.PriceB })
            .ToListAsync(cancellationToken);
        return [.. moved
            .OrderByDescending(pair => Math.Abs(Math.Log(pair.PriceB) - Math.Log(pair.PriceA)))
            .ThenBy(pair => pair.ExternalId, StringComparer.Ordinal)
            .Select(pair =>
                new MovedAsset(
                    pair.AssetId, pair.ExternalId, pair.Symbol, pair.PriceA, pair.PriceB, PriceRatio.From(pair.PriceA, pair.PriceB)))];

        // A run that reads history has many prices of a listing.
        IQueryable<Quote> Newest(Guid runId) => catalogue.Quotes.FromSql(
            $"""
            SELECT DISTINCT ON (listing_id) * FROM quotes
            WHERE run_id = {runId} AND price_usd > 0 AND price_usd < 'infinity' ORDER BY listing_id, quoted_at DESC
            """).AsNoTracking();
    }

    /// <summary>Compares each run with the earlier runs of its source and upstream.</summary>
    private static async Task<Dictionary<Guid, RunAssessment>> AssessAsync(
        IQueryable<IngestionRun> all, IReadOnlyList<IngestionRun> runs, CancellationToken cancellationToken)
    {
        var assessments = new Dictionary<Guid, RunAssessment>(runs.Count);
        foreach (var group in runs.GroupBy(run => (run.Source, run.Upstreams)))
        {
            var (source, upstreams) = group.Key;
            var (newest, oldest) = (group.Max(run => run.RunId), group.Min(run => run.RunId));
            var comparable = all.Where(run =>
                run.Source == source && run.Upstreams == upstreams && run.Status == RunStatus.Completed && run.FromPage == 0);
            var within = await comparable.Where(run => run.RunId >= oldest && run.RunId < newest).OrderByDescending(run => run.RunId)
                .Take(RunsRequest.MaxLimit + RunReview.MaxHistory).ToListAsync(cancellationToken);
            var before = await comparable.Where(run => run.RunId < oldest).OrderByDescending(run => run.RunId)
                .Take(RunReview.MaxHistory).ToListAsync(cancellationToken);
            List<IngestionRun> history = [.. within, .. before];
            foreach (var run in group)
            {
                assessments[run.RunId] = RunReview.Assess(run, history.Where(earlier => earlier.RunId < run.RunId));
            }
        }

        return assessments;
    }

    private static RunQuotes DescribeQuotes(IngestionRun run) => new(
        run.Quoted,
        run.Priced,
        run.WithMarketCap,
        run.WithVolume,
        run.PositivePrices > 0 ? RunReview.FromLogarithm(run.LogPriceSum / run.PositivePrices) : null,
        run.FromPage,
        run.ToPage);

    private static RunStages? DescribeStages(IngestionRun run) => run is { LoadMs: { } load, FinishedAt: { } end }
        ? new(load, Math.Max(0, (end - run.StartedAt).TotalMilliseconds - load))
        : null;

    /// <summary>Summarizes runs, in the same order.</summary>
    private async Task<IReadOnlyList<RunSummary>> SummarizeAsync(
        CatalogueContext catalogue, IReadOnlyList<IngestionRun> runs, CancellationToken cancellationToken)
    {
        var assessments = await AssessAsync(catalogue.IngestionRuns.AsNoTracking(), runs, cancellationToken);
        var progress = await backfills.QueryAsync(
            [.. runs.Where(run => run.Trigger == RunTrigger.Backfill).Select(run => run.IngestionId).Distinct()], cancellationToken);
        return [.. runs.Select(run => Summarize(run, assessments[run.RunId], progress))];
    }

    private RunSummary Summarize(
        IngestionRun run, RunAssessment assessment, IReadOnlyDictionary<Guid, BackfillProgress> backfill) => new(
        run.RunId,
        run.IngestionId,
        run.Source,
        run.Trigger,
        run.Upstreams,
        run.Status,
        run.StartedAt.UtcDateTime,
        run.FinishedAt?.UtcDateTime,
        ((run.FinishedAt ?? time.GetUtcNow()) - run.StartedAt).TotalMilliseconds,
        RunCounts.From(run),
        run.Error,
        assessment,
        run.Trigger == RunTrigger.Backfill ? backfill.GetValueOrDefault(run.IngestionId) : null);
}
