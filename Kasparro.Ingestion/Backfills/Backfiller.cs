using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Kasparro.Ingestion.Backfills;

/// <summary>
/// Reads past prices while no source is due, one window per call and transaction. Between two windows it yields to a source that is due, to
/// requests of operators, and to a command that asks for the run lock.
/// </summary>
internal sealed class Backfiller(
    IEnumerable<IHistorySource> histories,
    BackfillPlanner planner,
    BackfillStore store,
    BackfillBudget budget,
    BackfillRuns runs,
    RunLock runLock,
    LeaseStore lease,
    Partitions partitions,
    BackfillTelemetry telemetry,
    IOptions<IngestionOptions> options,
    TimeProvider time,
    ILogger<Backfiller> logger) : ISpareTimeWork
{
    /// <summary>The maximum duration of a run; then a new one begins, so that what has been read is rolled up and shown.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>How often it checks for other work during a pause.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a source rests if it has no calls to spare this month.</summary>
    private static readonly TimeSpan BudgetRest = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Rest> _rests = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async Task<TimeSpan> WorkAsync(Func<CancellationToken, Task<TimeSpan>> look, CancellationToken stopping)
    {
        await planner.OrderDueAsync(stopping);
        if (!await store.HasWorkAsync(Resting, stopping))
        {
            return Timeout.InfiniteTimeSpan;
        }

        await using var held = await runLock.TryAcquireAsync(stopping);
        if (held is null)
        {
            return options.Value.RetryInterval;
        }

        var token = await lease.DrawTokenAsync(stopping);
        partitions.Forget();
        using var cancellation = new IngestionCancellation(stopping, held.LostToken, options.Value.StopGrace, time);
        BackfillRun? run = null;
        var (status, error) = (RunStatus.Completed, (string?)null);
        try
        {
            while (true)
            {
                await planner.PlanAsync(token, cancellation.Reading); // Backfills ordered in the meantime do not wait for the current one.
                var (part, wait) = await FindNextAsync(look, run is not null, cancellation.Reading);
                if (part is null)
                {
                    return wait;
                }

                if (run is not null && (!run.IsOf(part) || time.GetElapsedTime(run.Began) > LongestRun))
                {
                    await runs.EndAsync(run, status, error, cancellation);
                    run = null;
                }

                run ??= await runs.BeginAsync(part, token, cancellation.Reading);
                if (await ReadAsync(run, part, wait, cancellation) is { } failure)
                {
                    await runs.EndAsync(run, RunStatus.Failed, failure, cancellation);
                    run = null;
                }

                cancellation.Stopping.ThrowIfCancellationRequested();
                await PauseAsync(Find(part.Source).Pause, look, cancellation.Reading);
            }
        }
        catch (StaleFencingTokenException e)
        {
            (status, error) = (RunStatus.LostLock, e.Message);
            return options.Value.RetryInterval;
        }
        catch (OperationCanceledException) when (cancellation.LockLost.IsCancellationRequested)
        {
            (status, error) = (RunStatus.LostLock, "The run lock was lost.");
            return options.Value.RetryInterval;
        }
        catch (OperationCanceledException) when (cancellation.Stopping.IsCancellationRequested)
        {
            (status, error) = (RunStatus.Cancelled, "Stopped on request; the next worker continues with the next window.");
            return TimeSpan.Zero;
        }
        catch (Exception e)
        {
            (status, error) = (
                RunStatus.Failed, e is NpgsqlException ? $"The database is unavailable or refused: {e.Explain()}" : e.Message);
            throw;
        }
        finally
        {
            if (run is not null)
            {
                await runs.EndAsync(run, status, error, cancellation);
            }
        }
    }

    private string[] Resting => [.. _rests.Where(rest => rest.Value.Until > time.GetUtcNow()).Select(rest => rest.Key)];

    /// <summary>The next window and the time until a source is due, or no window if this worker has something else to do.</summary>
    /// <param name="look">Returns the time until a source is due.</param>
    /// <param name="isBusy">Whether a backfill run is open.</param>
    /// <param name="cancellationToken">Cancels the checks.</param>
    private async Task<(BackfillPart? Part, TimeSpan Wait)> FindNextAsync(
        Func<CancellationToken, Task<TimeSpan>> look, bool isBusy, CancellationToken cancellationToken)
    {
        var wait = await look(cancellationToken);
        if (wait <= TimeSpan.Zero || await runLock.IsAskedForAsync())
        {
            return (null, wait <= TimeSpan.Zero ? wait : options.Value.RetryInterval);
        }

        while (await store.FindNextAsync(Resting, cancellationToken) is { } part)
        {
            // The time just before a source is due is reserved for its own calls, which would otherwise have to wait for the rate limit. If
            // sources are read more often than that, one window is read per interval, in its first half.
            var (quiet, interval) = (Find(part.Source).Quiet, options.Value.Interval);
            if (wait <= quiet && (interval > quiet || isBusy || wait < interval / 2))
            {
                return (null, wait);
            }

            if (await budget.HasCallAsync(part.Source, cancellationToken))
            {
                return (part, wait);
            }

            BackfillLog.OverBudget(logger, part.Source);
            _rests[part.Source] = new(time.GetUtcNow() + BudgetRest, 0);
        }

        return (null, wait);
    }

    /// <summary>Pauses calls to the upstream; ends early if this worker has something else to do.</summary>
    private async Task PauseAsync(TimeSpan pause, Func<CancellationToken, Task<TimeSpan>> look, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (pause - time.GetElapsedTime(began) is { Ticks: > 0 } left && await look(cancellationToken) > TimeSpan.Zero
            && !await runLock.IsAskedForAsync())
        {
            await Task.Delay(left < LookInterval ? left : LookInterval, time, cancellationToken);
        }
    }

    /// <summary>Reads a window.</summary>
    /// <returns>Why its source should rest, or null if the next window can be read.</returns>
    private async Task<string?> ReadAsync(BackfillRun run, BackfillPart part, TimeSpan wait, IngestionCancellation cancellation)
    {
        using var scope = logger.BeginRunScope(part.Source, run.Run.RunId);
        using var due = new CancellationTokenSource(wait, time);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(due.Token, cancellation.Loading);
        try
        {
            var history = await Find(part.Source).ReadAsync(part.ExternalId, part.Window, reading.Token).WaitAsync(cancellation.Abandon);
            var began = time.GetTimestamp();
            var written = await store.StoreAsync(run.Run, part, history, cancellation.Loading).WaitAsync(cancellation.Abandon);
            run.Loading += time.GetElapsedTime(began);
            run.Windows++;
            run.Written += written;
            _rests.Remove(part.Source);
            var progress = await store.ReadProgressAsync(part.BackfillId, cancellation.Loading);
            telemetry.Read(part.Source, history.Points.Count, written, history.Dropped, progress);
            BackfillLog.Read(
                logger, part.Source, part.ExternalId, history.Points.Count, written, history.Dropped, progress.Closed, progress.Windows,
                part.BackfillId, progress.TimeLeft is { } left ? $"{left:d\\.hh\\:mm\\:ss}" : "an unknown time");
            return null;
        }
        catch (OperationCanceledException) when (due.IsCancellationRequested && !cancellation.Loading.IsCancellationRequested)
        {
            return null; // A source is due; the window is read again afterwards.
        }
        catch (UpstreamRefusedException e) when (e.Kind is VerdictKind.Refuse)
        {
            telemetry.Failed(part.Source, await store.PassOverAsync(run.Run, part, e.Message, cancellation.Loading));
            BackfillLog.PassedOver(logger, part.Source, part.ExternalId, e.Message);
            return null;
        }
        catch (UpstreamRefusedException e) when (e.Kind is VerdictKind.NotInPlan)
        {
            telemetry.Failed(part.Source, await store.GiveUpAsync(run.Run, part, e.Message, cancellation.Loading));
            return e.Message;
        }
        catch (Exception e) when (e is SourceException or HttpRequestException or ExecutionRejectedException or IOException)
        {
            await store.NoteFailureAsync(run.Run, part, e.Message, cancellation.Loading);
            RestAfterFailure(run, part.Source);
            return e.Message;
        }
    }

    /// <summary>Lets a source rest for as long as one whose scheduled runs fail.</summary>
    private void RestAfterFailure(BackfillRun run, string source)
    {
        var now = time.GetUtcNow();
        var failures = _rests.GetValueOrDefault(source).Failures + 1;
        _rests[source] = new(
            SourceSchedule.NextStart(new(RunStatus.Failed, run.Run.RunId, now, now, failures), options.Value), failures);
    }

    private IHistorySource Find(string source) => histories.First(history => history.Name == source);

    private readonly record struct Rest(DateTimeOffset Until, int Failures);
}
