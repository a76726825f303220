using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;
using Polly;

namespace Kasparro.Ingestion.Backfills;

/// <summary>
/// Reads past prices while no source is due, one window a call and a transaction. It gives way between two windows: to a source that is
/// due, to what operators ask for, and to a command that asks for the run lock.
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
    /// <summary>A run ends after so long, so that what it has read is rolled up and shown.</summary>
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(2);

    /// <summary>How often it looks, in a pause, for something else to do.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a source rests whose month has no call to spare.</summary>
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
                await planner.PlanAsync(token, cancellation.Reading); // What was ordered meanwhile does not wait for what is at hand.
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
            (status, error) = (RunStatus.Failed, e is NpgsqlException ? $"The database refused or went away: {e.Explain()}" : e.Message);
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

    /// <summary>The next window, and how long it is until a source is due; no window where this worker is to do something else.</summary>
    /// <param name="look">Tells how long it is until a source is due.</param>
    /// <param name="isBusy">Whether a window has been read since the last source was.</param>
    /// <param name="cancellationToken">Cancels the looks.</param>
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
            // The calls of the minute before a source is due are its own: it would have to wait for its turn. Where sources are read more
            // often than that, one window an interval is read, at its beginning.
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

    /// <summary>Leaves the upstream alone for a while; ends early where this worker is to do something else.</summary>
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
    /// <returns>Why its source is to rest; null where it can be asked for the next window.</returns>
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
            return null; // A source is due: the window comes again after it.
        }
        catch (UpstreamRefusedException e) when (e.IsOfTheAsked)
        {
            telemetry.Failed(part.Source, await store.PassOverAsync(run.Run, part, e.Message, cancellation.Loading));
            BackfillLog.PassedOver(logger, part.Source, part.ExternalId, e.Message);
            return null;
        }
        catch (UpstreamRefusedException e)
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

    /// <summary>Has a source rest as long as one whose scheduled runs fail.</summary>
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
