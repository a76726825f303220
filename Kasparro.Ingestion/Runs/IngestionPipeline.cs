using System.Diagnostics;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Rollups;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Runs an ingestion: takes the lock, draws a fencing token and reads the sources one after another. A failing source fails only its own
/// run. Sources are not read in parallel: their order decides which listing founds an asset, and a repeated ingestion must decide the same.
/// </summary>
internal sealed class IngestionPipeline(
    IEnumerable<ISource> sources,
    RunLock runLock,
    LeaseStore lease,
    RunStore runs,
    CheckpointStore checkpoints,
    CompletenessCheck completeness,
    PageLoader loader,
    OverridesLoader overrides,
    DelistingLoader delisting,
    DerivedData derived,
    CatalogueAnnouncer announcer,
    Partitions partitions,
    CandleRollup rollup,
    Retention retention,
    DriftReview drift,
    IngestionTelemetry telemetry,
    UpstreamCalls calls,
    IOptions<IngestionOptions> options,
    IOptions<UpstreamKind> upstreams,
    TimeProvider time,
    ILogger<IngestionPipeline> logger)
{
    private readonly List<EndedRun> _unclosed = [];
    private long? _waitingSince;

    /// <summary>Runs one ingestion, unless another is running.</summary>
    /// <param name="request">What to read.</param>
    /// <param name="progress">Receives each committed page.</param>
    /// <param name="stopping">Stops after the current page; everything committed is kept, and the next ingestion resumes there.</param>
    /// <exception cref="RunLockUnavailableException">Redis, which holds the lock, is unavailable or refuses writes.</exception>
    public Task<IngestionOutcome> RunAsync(IngestionRequest request, IProgress<IngestionProgress>? progress, CancellationToken stopping) =>
        RunAsync(_ => Task.FromResult<IngestionRequest?>(request), progress, stopping);

    /// <summary>Runs the ingestion that is chosen once the lock is held, since another worker may already have read what was due.</summary>
    /// <param name="choose">Returns what to read, or null for nothing.</param>
    /// <param name="progress">Receives each committed page.</param>
    /// <param name="stopping">Stops after the current page; everything committed is kept, and the next ingestion resumes there.</param>
    /// <exception cref="RunLockUnavailableException">Redis, which holds the lock, is unavailable or refuses writes.</exception>
    public async Task<IngestionOutcome> RunAsync(
        Func<CancellationToken, Task<IngestionRequest?>> choose, IProgress<IngestionProgress>? progress, CancellationToken stopping)
    {
        var waitingSince = _waitingSince ??= time.GetTimestamp();
        await using var held = await runLock.TryAcquireAsync(stopping);
        if (held is null)
        {
            telemetry.WaitedForLock(isAcquired: false, time.GetElapsedTime(waitingSince));
            IngestionLog.LockedOut(logger);
            return IngestionOutcome.OfLockedOut;
        }

        if (await choose(stopping) is not { } request)
        {
            _waitingSince = null;
            return IngestionOutcome.Nothing;
        }

        var token = await lease.DrawTokenAsync(stopping);
        telemetry.WaitedForLock(isAcquired: true, time.GetElapsedTime(waitingSince));
        _waitingSince = null;
        _unclosed.Clear(); // Drawing the token marked the runs that could not be closed as interrupted.
        await MakePartitionsAsync(stopping);
        try
        {
            if (await overrides.ApplyAsync(token, stopping) is { } version)
            {
                await announcer.AnnounceAsync(version);
            }
        }
        catch (StaleFencingTokenException)
        {
            IngestionLog.LockedOut(logger);
            return IngestionOutcome.OfLockedOut;
        }

        using var cancellation = new IngestionCancellation(stopping, held.LostToken, options.Value.StopGrace, time);
        var ingestionId = request.IngestionId ?? Guid.CreateVersion7(time.GetUtcNow());
        var outcomes = await ReadSourcesAsync(new(request, ingestionId, token, progress, cancellation));
        if (!cancellation.IsEnding)
        {
            await derived.ApplyAsync(token, cancellation.Loading).WaitAsync(cancellation.Abandon);
        }

        if (request.Trigger == RunTrigger.Schedule && !cancellation.IsEnding)
        {
            await retention.DropWhenDueAsync(token, cancellation.Loading).WaitAsync(cancellation.Abandon);
        }

        return new(LockedOut: false, outcomes);
    }

    /// <summary>
    /// Creates the partitions for the present and the near future. If that has to wait too long, the page that needs one tries again.
    /// </summary>
    private async Task MakePartitionsAsync(CancellationToken stopping)
    {
        partitions.Forget();
        try
        {
            await partitions.EnsureAheadAsync(time.GetUtcNow(), stopping);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            IngestionLog.PartitionsWait(logger, e.MessageText);
        }
    }

    private async Task<List<SourceOutcome>> ReadSourcesAsync(Ingestion ingestion)
    {
        var (request, cancellation) = (ingestion.Request, ingestion.Cancellation);
        var outcomes = new List<SourceOutcome>();
        foreach (var source in sources.Where(
            source => request.Sources.Count == 0 || request.Sources.Contains(source.Name, StringComparer.Ordinal)))
        {
            var outcome = await RunSourceAsync(source, ingestion);
            outcomes.Add(outcome);
            if (!cancellation.IsEnding)
            {
                // The token of pages: Npgsql cancels synchronously within Cancel(), so an unresponsive database would delay the stop.
                await rollup.ApplyAsync(ingestion.FencingToken, cancellation.Loading, cancellation.Abandon);
            }

            if (outcome.Status is RunStatus.LostLock or RunStatus.Cancelled
                || (outcome.Status is RunStatus.Failed && cancellation.Stopping.IsCancellationRequested))
            {
                break;
            }
        }

        return outcomes;
    }

    private async Task<SourceOutcome> RunSourceAsync(ISource source, Ingestion ingestion)
    {
        var (request, cancellation) = (ingestion.Request, ingestion.Cancellation);
        _ = ActivityContext.TryParse(request.TraceParent, traceState: null, isRemote: true, out var requestedBy);
        using var span = IngestionTelemetry.Spans.StartActivity($"ingest {source.Name}", ActivityKind.Consumer, requestedBy);
        ActiveRun run;
        try
        {
            await CloseLeftOverAsync(cancellation.Reading);
            run = await runs.StartAsync(
                ingestion.Id, source.Name, request.Trigger, upstreams.Value.Kind, ingestion.FencingToken, cancellation.Reading);
        }
        catch (Exception e) when (e is StaleFencingTokenException
            || (e is OperationCanceledException && cancellation.LockLost.IsCancellationRequested))
        {
            IngestionLog.LostBeforeStart(logger, source.Name);
            return new(source.Name, RunStatus.LostLock, default, e.Message);
        }
        catch (OperationCanceledException e) when (cancellation.Stopping.IsCancellationRequested)
        {
            return new(source.Name, RunStatus.Cancelled, default, e.Message);
        }
        catch (NpgsqlException e)
        {
            var reason = e.Explain();
            span?.SetStatus(ActivityStatusCode.Error, reason);
            telemetry.RunEnded(source.Name, RunStatus.Failed, TimeSpan.Zero);
            IngestionLog.NotStarted(logger, source.Name, reason);
            return new(source.Name, RunStatus.Failed, default, $"The run could not be opened: {reason}");
        }

        span?.SetTag("kasparro.run_id", run.RunId);
        using var scope = logger.BeginRunScope(source.Name, run.RunId);
        IngestionLog.Started(logger, source.Name, run.RunId);
        telemetry.RunStarted(source.Name);
        var began = time.GetTimestamp();
        var callsBefore = calls.GetCount(source.Name);
        var totals = new RunTotals();
        var (status, error) = await ReadAllAsync(source, run, totals, ingestion);
        if (status == RunStatus.Failed && await IsOvertakenAsync(run, cancellation.Closing))
        {
            // A successor terminates any session that blocks it, so regardless of the error the takeover is the cause.
            (status, error) = (RunStatus.LostLock, $"Another worker has taken over. {error}");
        }

        span?.SetStatus(status == RunStatus.Completed ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error);
        telemetry.RunEnded(source.Name, status, time.GetElapsedTime(began));
        var sum = totals.Sum;
        if (error is null)
        {
            IngestionLog.Ended(logger, source.Name, status, sum.Inserted, sum.Updated, sum.Unchanged, sum.Duplicates, sum.Rejected);
        }
        else
        {
            IngestionLog.Failed(logger, source.Name, status, error);
        }

        var ended = new EndedRun(run, status, error, totals.Loading, calls.GetCount(source.Name) - callsBefore);
        var isRecorded = await TryCloseAsync(ended, cancellation);
        if (!isRecorded)
        {
            _unclosed.Add(ended);
        }

        return new(source.Name, status, sum, error) { IsRecorded = isRecorded, Streams = totals.Streams };
    }

    /// <summary>
    /// Records the ends of runs that could not be recorded before: a run that seems to be running prevents the next one from opening.
    /// </summary>
    /// <exception cref="NpgsqlException">The database still refuses.</exception>
    private async Task CloseLeftOverAsync(CancellationToken cancellationToken)
    {
        while (_unclosed.Count > 0)
        {
            await CloseAsync(_unclosed[0], cancellationToken);
            _unclosed.RemoveAt(0);
        }
    }

    private async Task<bool> IsOvertakenAsync(ActiveRun run, CancellationToken closing)
    {
        try
        {
            return await lease.IsOvertakenAsync(run, closing).WaitAsync(closing);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<(string Status, string? Error)> ReadAllAsync(ISource source, ActiveRun run, RunTotals totals, Ingestion ingestion)
    {
        var cancellation = ingestion.Cancellation;
        try
        {
            var failures = new List<string>();
            var reading = new Reading(run);
            foreach (var stream in source.GetStreams(ingestion.Request))
            {
                try
                {
                    reading.Begin(stream);
                    totals.Begin(stream.Title);
                    await ReadStreamAsync(reading, source, stream, totals, ingestion);
                    reading.End(stream);
                }
                catch (Exception e) when (source.HasIndependentStreams && e is (SourceException or IOException))
                {
                    IngestionLog.StreamFailed(logger, source.Name, stream.Title, e.Message);
                    failures.Add(e.Message);
                }
                finally
                {
                    IngestionLog.StreamRead(logger, source.Name, totals.End());
                }
            }

            if (failures.Count == 0
                && await delisting.ApplyAsync(reading, cancellation.Loading).WaitAsync(cancellation.Abandon) is { } version)
            {
                await announcer.AnnounceAsync(version);
            }

            return failures.Count == 0 ? (RunStatus.Completed, null) : (RunStatus.Failed, SourceOutcome.Describe(failures));
        }
        catch (StaleFencingTokenException e)
        {
            return (RunStatus.LostLock, e.Message);
        }
        catch (OperationCanceledException) when (cancellation.LockLost.IsCancellationRequested)
        {
            return (RunStatus.LostLock, "The run lock was lost.");
        }
        catch (Exception e) when (cancellation.Abandon.IsCancellationRequested && e is (OperationCanceledException or NpgsqlException))
        {
            return (RunStatus.Cancelled, "Stopped on request, in the middle of a page, which the next ingestion reads again.");
        }
        catch (OperationCanceledException) when (cancellation.Stopping.IsCancellationRequested)
        {
            return (RunStatus.Cancelled, "Stopped on request, after a whole page.");
        }
        catch (Exception e) when (e is SourceException or HttpRequestException or ExecutionRejectedException or IOException)
        {
            return (RunStatus.Failed, e.Message);
        }
        catch (NpgsqlException e)
        {
            return (RunStatus.Failed, $"The database is unavailable or refused: {e.Explain()}");
        }
        catch (Exception e)
        {
            // A bug in this code: the run must not appear to be still running, and the log must show where the exception came from.
            IngestionLog.Unexpected(logger, e, run.Source);
            return (RunStatus.Failed, $"Unexpected {e.GetType().Name}; the log of run {run.RunId} has the details.");
        }
    }

    private async Task ReadStreamAsync(Reading reading, ISource source, ISourceStream stream, RunTotals totals, Ingestion ingestion)
    {
        var (run, cancellation) = (reading.Run, ingestion.Cancellation);
        var checkpoint = await checkpoints.FindAsync(run.Source, stream.Name, cancellation.Reading);
        if (checkpoint is { IsComplete: true } && IsYoungerThan(checkpoint.StartedAt, stream.MinInterval))
        {
            return; // Read recently: reading costs calls, and the data hardly changes.
        }

        var resumes = MayResume(stream, checkpoint);
        var startedAt = resumes && !checkpoint!.IsComplete ? checkpoint.StartedAt : time.GetUtcNow();
        var from = resumes ? new ResumePoint(checkpoint!.Page, checkpoint.Records, checkpoint.ContentIdentity) : ResumePoint.Start;
        if (from.Page > 0 && !checkpoint!.IsComplete)
        {
            IngestionLog.Resumed(logger, run.Source, stream.Title, from.Page + 1);
        }

        var name = $"{run.Source}/{stream.Name}";
        var extent = new ReadingExtent(from.Page, from.Records, checkpoint?.Records ?? 0);
        await foreach (var traced in Prefetch.OneAheadAsync(
            token => stream.ReadAsync(from, token).TracedAsync(name, token), cancellation.Reading))
        {
            using var pageSpan = traced;
            var page = traced.Page;
            Activity.Current = traced.Span ?? Activity.Current;
            using var loadSpan = IngestionTelemetry.Spans.StartActivity($"load {name}");
            var began = time.GetTimestamp();
            startedAt = page.Number == 0 ? page.FetchedAt : startedAt;

            // On a request to stop, the current page may finish if it is quick.
            var outcome = await loader.LoadAsync(reading, stream, page, startedAt, cancellation.Loading).WaitAsync(cancellation.Abandon);
            if (outcome.CatalogueVersion is { } version)
            {
                await announcer.AnnounceAsync(version);
            }

            reading.Add(stream, page);
            extent.Add(page);
            totals.Add(outcome, time.GetElapsedTime(began));
            telemetry.PageLoaded(run.Source, outcome, time.GetElapsedTime(began));
            IngestionLog.PageLoaded(
                logger, run.Source, stream.Title, page.Number + 1, outcome.Inserted, outcome.Updated, outcome.Unchanged, outcome.Rejected);
            ingestion.Progress?.Report(new(run.Source, stream.Title, totals.Pages, totals.Sum, page.Fraction));
            cancellation.Stopping.ThrowIfCancellationRequested();
        }

        await completeness.RequireAsync(run, stream, extent, source.MayShrink, cancellation.Loading).WaitAsync(cancellation.Abandon);
        await checkpoints.CompleteAsync(run, stream.Name, cancellation.Loading).WaitAsync(cancellation.Abandon);
    }

    private bool MayResume(ISourceStream stream, Checkpoint? checkpoint) =>
        checkpoint is not null
        && (stream.ResumesAfterCompletion
            || (checkpoint is { IsComplete: false, Page: > 0 } && stream.ResumesAfterInterruption
                && IsYoungerThan(checkpoint.StartedAt, options.Value.MaxResumeAge)));

    /// <summary>Whether a time is more recent than the given age. A future time counts as old: the clock has been set back.</summary>
    private bool IsYoungerThan(DateTimeOffset moment, TimeSpan age) => time.GetUtcNow() - moment is { Ticks: >= 0 } passed && passed < age;

    /// <summary>Records the run's end, whether cancelled or not; returns false if even that fails.</summary>
    private async Task<bool> TryCloseAsync(EndedRun ended, IngestionCancellation cancellation)
    {
        try
        {
            await drift.ReviewAsync(ended.Run, cancellation.Loading).WaitAsync(cancellation.Closing);
            await CloseAsync(ended, cancellation.Closing);
            return true;
        }
        catch (NpgsqlException e)
        {
            IngestionLog.NotClosed(logger, ended.Run.RunId, ended.Status, e.Explain());
        }
        catch (OperationCanceledException) when (cancellation.Closing.IsCancellationRequested)
        {
            IngestionLog.NotClosed(logger, ended.Run.RunId, ended.Status, "The database did not react before the worker had to end.");
        }

        return false;
    }

    private Task CloseAsync(EndedRun ended, CancellationToken cancellationToken) =>
        runs.FinishAsync(ended.Run, ended.Status, ended.Error, ended.Loading, ended.UpstreamCalls, cancellationToken)
            .WaitAsync(cancellationToken);

    /// <summary>The current ingestion: what it reads, the id and token of its runs, its progress receiver and its cancellation.</summary>
    private sealed record Ingestion(
        IngestionRequest Request, Guid Id, long FencingToken, IProgress<IngestionProgress>? Progress, IngestionCancellation Cancellation);
}
