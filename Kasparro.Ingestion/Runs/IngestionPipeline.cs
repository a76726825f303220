using System.Diagnostics;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Medallion.Threading.Redis;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// One ingestion: takes the lock, draws a fencing token, and reads the sources one after another. A source's failure fails its own run and
/// no other. Sources are not read at once: their order decides who founds an asset, and a repeated ingestion must decide the same.
/// </summary>
internal sealed partial class IngestionPipeline(
    IEnumerable<ISource> sources,
    IConnectionMultiplexer redis,
    LeaseStore lease,
    RunStore runs,
    CheckpointStore checkpoints,
    PageLoader loader,
    OverridesLoader overrides,
    DelistingLoader delisting,
    CatalogueAnnouncer announcer,
    Partitions partitions,
    PartitionRetention retention,
    DriftReview drift,
    IngestionTelemetry telemetry,
    UpstreamCalls calls,
    IOptions<IngestionOptions> options,
    IOptions<UpstreamKind> upstreams,
    TimeProvider time,
    ILogger<IngestionPipeline> logger)
{
    private long? _waitingSince;

    /// <summary>Runs one ingestion, unless another is running.</summary>
    /// <param name="request">What to read.</param>
    /// <param name="progress">Told of each committed page.</param>
    /// <param name="stopping">Stops after the page at hand; what is committed stays, and the next ingestion goes on from there.</param>
    /// <exception cref="RedisException">Redis, which has the lock, is away; so it is with <see cref="TimeoutException"/>.</exception>
    public async Task<IngestionOutcome> RunAsync(
        IngestionRequest request, IProgress<IngestionProgress>? progress, CancellationToken stopping)
    {
        var waitingSince = _waitingSince ??= time.GetTimestamp();
        var runLock = new RedisDistributedLock(CacheKeys.IngestionLock, redis.GetDatabase(), lockOptions => lockOptions.Expiry(options.Value.LockExpiry));
        await using var held = await runLock.TryAcquireAsync(TimeSpan.Zero, stopping);
        if (held is null)
        {
            // The lock is refused as well while Redis is away, which is to be told as what it is.
            await redis.GetDatabase().PingAsync().WaitAsync(stopping);
            telemetry.WaitedForLock(isAcquired: false, time.GetElapsedTime(waitingSince));
            Log.LockedOut(logger);
            return IngestionOutcome.OfLockedOut;
        }

        var ingestionId = request.IngestionId ?? Guid.CreateVersion7(time.GetUtcNow());
        var token = await lease.DrawTokenAsync(stopping);
        telemetry.WaitedForLock(isAcquired: true, time.GetElapsedTime(waitingSince));
        _waitingSince = null;
        partitions.Forget();
        try
        {
            if (await overrides.ApplyAsync(token, stopping) is { } version)
            {
                await announcer.AnnounceAsync(version);
            }
        }
        catch (StaleFencingTokenException)
        {
            Log.LockedOut(logger);
            return IngestionOutcome.OfLockedOut;
        }

        var outcomes = new List<SourceOutcome>();
        foreach (var source in sources.Where(source => request.Sources.Count == 0 || request.Sources.Contains(source.Name, StringComparer.Ordinal)))
        {
            var outcome = await RunSourceAsync(source, request, ingestionId, token, progress, stopping, held.HandleLostToken);
            outcomes.Add(outcome);
            if (outcome.Status is RunStatus.LostLock or RunStatus.Cancelled || (outcome.Status is RunStatus.Failed && stopping.IsCancellationRequested))
            {
                return new(LockedOut: false, outcomes);
            }
        }

        if (request.Trigger == RunTrigger.Schedule)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, held.HandleLostToken);
            await retention.DropWhenDueAsync(token, either.Token);
        }

        return new(LockedOut: false, outcomes);
    }

    private async Task<SourceOutcome> RunSourceAsync(
        ISource source,
        IngestionRequest request,
        Guid ingestionId,
        long token,
        IProgress<IngestionProgress>? progress,
        CancellationToken stopping,
        CancellationToken lockLost)
    {
        using var span = IngestionTelemetry.Spans.StartActivity($"ingest {source.Name}");
        using var scope = logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["source"] = source.Name });
        ActiveRun run;
        try
        {
            run = await runs.StartAsync(ingestionId, source.Name, request.Trigger, upstreams.Value.Kind, token, lockLost);
        }
        catch (Exception e) when (e is StaleFencingTokenException || (e is OperationCanceledException && lockLost.IsCancellationRequested))
        {
            Log.LostBeforeStart(logger, source.Name);
            return new(source.Name, RunStatus.LostLock, default, e.Message);
        }

        span?.SetTag("kasparro.run_id", run.RunId);
        using var runScope = logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { ["run_id"] = run.RunId });
        Log.Started(logger, source.Name, run.RunId);
        telemetry.RunStarted(source.Name);
        var began = time.GetTimestamp();
        var callsBefore = calls.Of(source.Name);
        var totals = new RunTotals();
        var (status, error) = await ReadAllAsync(source, request, run, totals, progress, stopping, lockLost);
        if (status == RunStatus.Failed && await lease.IsOvertakenAsync(run, CancellationToken.None))
        {
            // Whatever it met, a successor's work was the cause: it ends a session that stands in its way.
            (status, error) = (RunStatus.LostLock, $"Another worker has taken over. {error}");
        }

        span?.SetStatus(status == RunStatus.Completed ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error);
        telemetry.RunEnded(source.Name, status, time.GetElapsedTime(began));
        var sum = totals.Sum;
        if (error is null)
        {
            Log.Ended(logger, source.Name, status, sum.Inserted, sum.Updated, sum.Unchanged, sum.Duplicates, sum.Rejected);
        }
        else
        {
            Log.Failed(logger, source.Name, status, error);
        }

        await drift.ReviewAsync(run, lockLost);
        await CloseAsync(run, status, error, totals.Loading, calls.Of(source.Name) - callsBefore);
        return new(source.Name, status, sum, error);
    }

    private async Task<(string Status, string? Error)> ReadAllAsync(
        ISource source,
        IngestionRequest request,
        ActiveRun run,
        RunTotals totals,
        IProgress<IngestionProgress>? progress,
        CancellationToken stopping,
        CancellationToken lockLost)
    {
        try
        {
            var reading = new Reading(run);
            foreach (var stream in source.GetStreams(request))
            {
                reading.Begin(stream);
                await ReadStreamAsync(reading, stream, totals, progress, stopping, lockLost);
                reading.End(stream);
            }

            if (await delisting.ApplyAsync(reading, lockLost) is { } version)
            {
                await announcer.AnnounceAsync(version);
            }

            return (RunStatus.Completed, null);
        }
        catch (StaleFencingTokenException e)
        {
            return (RunStatus.LostLock, e.Message);
        }
        catch (OperationCanceledException) when (lockLost.IsCancellationRequested)
        {
            return (RunStatus.LostLock, "The run lock was lost.");
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return (RunStatus.Cancelled, "Stopped on request, after a whole page.");
        }
        catch (Exception e) when (e is SourceException or HttpRequestException or ExecutionRejectedException or IOException)
        {
            return (RunStatus.Failed, e.Message);
        }
        catch (NpgsqlException e)
        {
            return (RunStatus.Failed, $"The database refused or went away: {e.Message}");
        }
        catch (Exception e)
        {
            // A defect of ours: the run must not look as if it still ran, and the log must show where it came from.
            Log.Unexpected(logger, e, run.Source);
            return (RunStatus.Failed, $"Unexpected {e.GetType().Name}; the log of run {run.RunId} has the details.");
        }
    }

    private async Task ReadStreamAsync(
        Reading reading,
        ISourceStream stream,
        RunTotals totals,
        IProgress<IngestionProgress>? progress,
        CancellationToken stopping,
        CancellationToken lockLost)
    {
        var run = reading.Run;
        var checkpoint = await checkpoints.FindAsync(run.Source, stream.Name, lockLost);
        if (checkpoint is { IsComplete: true } && time.GetUtcNow() - checkpoint.StartedAt < stream.MinInterval)
        {
            return; // Read not long ago: it costs calls, and hardly changes.
        }

        var resumes = MayResume(stream, checkpoint);
        var startedAt = resumes && !checkpoint!.IsComplete ? checkpoint.StartedAt : time.GetUtcNow();
        var from = resumes ? new ResumePoint(checkpoint!.Page, checkpoint.Records, checkpoint.ContentIdentity) : ResumePoint.Start;
        if (from.Page > 0 && !checkpoint!.IsComplete)
        {
            Log.Resumed(logger, run.Source, stream.Name, from.Page + 1);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, lockLost);
        var name = $"{run.Source}/{stream.Name}";
        await foreach (var (page, span) in Prefetch.OneAheadAsync(token => stream.ReadAsync(from, token).TracedAsync(name, token), either.Token))
        {
            using var pageSpan = span;
            Activity.Current = span ?? Activity.Current;
            using var loadSpan = IngestionTelemetry.Spans.StartActivity($"load {name}");
            var began = time.GetTimestamp();
            startedAt = page.Number == 0 ? page.FetchedAt : startedAt;

            // Not cancelled by a request to stop: a page at hand is finished.
            var outcome = await loader.LoadAsync(run, stream, page, startedAt, lockLost);
            if (outcome.CatalogueVersion is { } version)
            {
                await announcer.AnnounceAsync(version);
            }

            reading.Add(stream, page);
            totals.Add(outcome, time.GetElapsedTime(began));
            telemetry.PageLoaded(run.Source, outcome, time.GetElapsedTime(began));
            Log.PageLoaded(logger, run.Source, stream.Name, page.Number + 1, outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Rejected);
            progress?.Report(new(run.Source, stream.Name, totals.Pages, totals.Sum, page.Fraction));
            stopping.ThrowIfCancellationRequested();
            if (totals.Pages >= options.Value.FailAfterPage)
            {
                throw new SourceException($"Failed on purpose after {totals.Pages} pages, as Ingestion:FailAfterPage says.");
            }
        }

        await checkpoints.CompleteAsync(run, stream.Name, lockLost);
    }

    private bool MayResume(ISourceStream stream, Checkpoint? checkpoint) =>
        checkpoint is not null
        && (stream.ResumesAfterCompletion
            || (!checkpoint.IsComplete && time.GetUtcNow() - checkpoint.StartedAt <= options.Value.MaxResumeAge));

    /// <summary>Writes the run's end, cancelled or not; where even that fails, the next worker marks the run interrupted.</summary>
    private async Task CloseAsync(ActiveRun run, string status, string? error, TimeSpan loading, int upstreamCalls)
    {
        try
        {
            await runs.FinishAsync(run, status, error, loading, upstreamCalls, CancellationToken.None);
        }
        catch (NpgsqlException e)
        {
            Log.NotClosed(logger, run.RunId, status, e.Message);
        }
    }

    private sealed class RunTotals
    {
        public int Pages { get; private set; }

        public PageOutcome Sum { get; private set; }

        public TimeSpan Loading { get; private set; }

        public void Add(PageOutcome outcome, TimeSpan loading)
        {
            Pages++;
            Loading += loading;
            Sum += outcome;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Locked out: another ingestion is running.")]
        public static partial void LockedOut(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "{Source}: another worker took over before the run could start.")]
        public static partial void LostBeforeStart(ILogger logger, string source);

        [LoggerMessage(LogLevel.Information, "{Source}: run {RunId} started.")]
        public static partial void Started(ILogger logger, string source, Guid runId);

        [LoggerMessage(LogLevel.Information, "{Source}/{Stream}: resumed at page {Page}.")]
        public static partial void Resumed(ILogger logger, string source, string stream, int page);

        [LoggerMessage(LogLevel.Information, "{Source}/{Stream}: page {Page} committed: {Inserted} new, {Updated} changed, {Unchanged} unchanged, {Rejected} rejected.")]
        public static partial void PageLoaded(
            ILogger logger, string source, string stream, int page, int inserted, int updated, int unchanged, int rejected);

        [LoggerMessage(LogLevel.Information, "{Source}: {Status}: {Inserted} new, {Updated} changed, {Unchanged} unchanged, {Duplicates} duplicates, {Rejected} rejected.")]
        public static partial void Ended(
            ILogger logger, string source, string status, int inserted, int updated, int unchanged, int duplicates, int rejected);

        [LoggerMessage(LogLevel.Error, "{Source}: {Status}: {Reason}")]
        public static partial void Failed(ILogger logger, string source, string status, string reason);

        [LoggerMessage(LogLevel.Error, "{Source}: unexpected failure.")]
        public static partial void Unexpected(ILogger logger, Exception exception, string source);

        [LoggerMessage(LogLevel.Error, "Run {RunId} ended ({Status}) but could not be closed: {Reason}")]
        public static partial void NotClosed(ILogger logger, Guid runId, string status, string reason);
    }
}
