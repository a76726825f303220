using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>Runs an ingestion at once, then one every interval, when an operator asks, and one of the CSV files when these change. Any number of workers may run: one of them works.</summary>
internal sealed partial class IngestionWorker(
    IngestionPipeline pipeline,
    AssetSearch search,
    CsvFolderWatch files,
    IngestionBell bell,
    IngestionOrders orders,
    IOptions<IngestionOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<IngestionWorker> logger) : BackgroundService
{
    private static readonly IngestionRequest Scheduled = new(RunTrigger.Schedule, []);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var request = Scheduled;
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var wait = await IngestAsync(request, stoppingToken);
            if (wait is not { } next)
            {
                lifetime.StopApplication();
                return;
            }

            request = await WaitAsync(next - time.GetElapsedTime(began), stoppingToken);
        }
    }

    /// <summary>Waits for the next ingestion's time, an operator's request or changed files; returns what is due.</summary>
    private async Task<IngestionRequest> WaitAsync(TimeSpan rest, CancellationToken stopping)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var due = Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, woken.Token);
        var changed = files.WaitForChangeAsync(woken.Token);
        var rung = bell.WaitAsync(woken.Token);
        var ordered = orders.TakeNextAsync(woken.Token);
        await Task.WhenAny(due, changed, rung, ordered);
        await woken.CancelAsync();
        await ((Task)ordered).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // An order that was taken, or a ring that was answered, is never lost to another reason of the same moment.
        return ordered.IsCompletedSuccessfully ? await ordered
            : rung.IsCompletedSuccessfully ? new(RunTrigger.Request, [])
            : changed.IsCompletedSuccessfully ? Scheduled with { Sources = [SourceNames.Csv] }
            : Scheduled;
    }

    /// <summary>One ingestion; returns from its start to the next one's, or null to end the worker.</summary>
    private async Task<TimeSpan?> IngestAsync(IngestionRequest request, CancellationToken stopping)
    {
        try
        {
            var outcome = await pipeline.RunAsync(request, progress: null, stopping);
            if (outcome.LockedOut)
            {
                if (options.Value.WhenLockedOut is LockedOutBehavior.Exit)
                {
                    Environment.ExitCode = ExitCodes.LockedOut;
                    return null;
                }

                return options.Value.RetryInterval;
            }

            await search.RefreshAsync(stopping);
            return outcome.Sources.All(source => source.Status == RunStatus.Completed) ? options.Value.Interval : options.Value.RetryInterval;
        }
        catch (Exception e) when (e is NpgsqlException or RedisException or TimeoutException)
        {
            // Neither store is needed to be there yet: the worker says what is missing and comes again.
            Log.NotStarted(logger, e.Message, options.Value.RetryInterval);
            return options.Value.RetryInterval;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return options.Value.Interval;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The ingestion could not start: {Reason} Next try in {Wait}.")]
        public static partial void NotStarted(ILogger logger, string reason, TimeSpan wait);
    }
}
