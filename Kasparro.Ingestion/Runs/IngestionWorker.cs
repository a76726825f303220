using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;
using Kasparro.ServiceDefaults.Redis;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Reads each source when it is due, what operators request, and CSV files when they change. Any number of workers may run; only one is
/// active at a time. No failure of a store or an upstream ends the worker.
/// </summary>
internal sealed partial class IngestionWorker(
    IngestionPipeline pipeline,
    IngestionQueue queue,
    AssetSearch search,
    ISpareTimeWork spareTime,
    CsvFolderWatch files,
    WakeUp wakeUp,
    WorkerHealth health,
    IOptions<IngestionOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<IngestionWorker> logger) : BackgroundService
{
    /// <summary>How long the worker may take to end. Anything still running then ends with the process, as if it had been killed.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1.5);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.StopGrace + StopTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await base.StopAsync(either.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Reacts to the signal itself, not to the later moment at which the host stops this service.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        while (!stopping.IsCancellationRequested)
        {
            if (await IngestAsync(stopping.Token) is not { } wait)
            {
                lifetime.StopApplication();
                return;
            }

            // Checks again after a while in any case: a broken connection delivers no notification.
            await WaitAsync(wait < options.Value.RetryInterval ? wait : options.Value.RetryInterval, stopping.Token);
        }
    }

    /// <summary>Waits for the given time, or until there is something to do.</summary>
    private async Task WaitAsync(TimeSpan wait, CancellationToken stopping)
    {
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var woken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var changed = files.WaitForChangeAsync(woken.Token);
        await Task.WhenAny(Task.Delay(wait, time, woken.Token), changed, wakeUp.WaitAsync(woken.Token));
        await woken.CancelAsync();
        await changed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (changed.IsCompletedSuccessfully)
        {
            queue.NoteChangedFiles(); // Even if something else woke the worker at the same moment.
        }
    }

    /// <summary>Reads what is next, if anything; returns the time until the next check, or null to end the worker.</summary>
    private async Task<TimeSpan?> IngestAsync(CancellationToken stopping)
    {
        try
        {
            var next = await queue.PeekAsync(stopping);
            var outcome = next.Request is null ? IngestionOutcome.Nothing : await pipeline.RunAsync(ChooseAsync, progress: null, stopping);
            health.Succeeded();
            if (outcome.LockedOut)
            {
                if (options.Value.WhenLockedOut is LockedOutBehavior.Exit)
                {
                    Environment.ExitCode = ExitCodes.LockedOut;
                    return null;
                }

                return options.Value.RetryInterval;
            }

            if (outcome.Sources.Count == 0)
            {
                var rest = await spareTime.WorkAsync(LookAsync, stopping);
                return rest >= TimeSpan.Zero && rest < next.Wait ? rest : next.Wait;
            }

            await search.RefreshAsync(stopping);
            return outcome.Sources.All(source => source is { IsRecorded: true, Status: RunStatus.Completed or RunStatus.Failed })
                ? TimeSpan.Zero
                : options.Value.RetryInterval;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e) when (e is NpgsqlException or RunLockUnavailableException || e.IsRedisFailure())
        {
            // The stores may not be up yet: the worker reports what is missing and tries again later.
            var reason = e.Explain();
            health.Failed(reason);
            Log.NotStarted(logger, reason, options.Value.RetryInterval);
            return options.Value.RetryInterval;
        }
        catch (Exception e)
        {
            // A bug in this code. The worker survives it: the next ingestion may not hit it, and the log shows where it came from.
            health.Failed($"Unexpected {e.GetType().Name}; the log has the details.");
            Log.Unexpected(logger, e, options.Value.RetryInterval);
            return options.Value.RetryInterval;
        }
    }

    /// <summary>The time until there is something to read; zero if there is now.</summary>
    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        if (files.HasChanged())
        {
            queue.NoteChangedFiles();
        }

        var next = await queue.PeekAsync(cancellationToken);
        return next.Request is null ? next.Wait : TimeSpan.Zero;
    }

    private async Task<IngestionRequest?> ChooseAsync(CancellationToken cancellationToken)
    {
        var next = await queue.PeekAsync(cancellationToken);
        if (next.Request is { } request)
        {
            queue.Begin(request);
        }

        return next.Request;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The ingestion could not start: {Reason} Next attempt in {Wait}.")]
        public static partial void NotStarted(ILogger logger, string reason, TimeSpan wait);

        [LoggerMessage(LogLevel.Error, "The ingestion failed unexpectedly. Next attempt in {Wait}.")]
        public static partial void Unexpected(ILogger logger, Exception exception, TimeSpan wait);
    }
}
