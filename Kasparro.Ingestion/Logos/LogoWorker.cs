using Npgsql;

namespace Kasparro.Ingestion.Logos;

/// <summary>Fetches logos while the worker runs, in parallel to its ingestions. No failure of a store or a host ends it.</summary>
internal sealed partial class LogoWorker(LogoFetcher fetcher, TimeProvider time, ILogger<LogoWorker> logger) : BackgroundService
{
    /// <summary>How often the worker checks for logos that are due.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long the worker waits after a failure.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    // Neither a request nor an unresponsive database delays the stop: the current logo is abandoned, and another worker fetches it.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(stoppingToken).WaitAsync(stoppingToken);

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(await FetchAsync(stopping), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<TimeSpan> FetchAsync(CancellationToken stopping)
    {
        try
        {
            return await fetcher.FetchDueAsync(stopping) ?? LookInterval;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (NpgsqlException e)
        {
            Log.Waits(logger, e.Explain(), RetryInterval);
            return RetryInterval;
        }
        catch (Exception e)
        {
            // A bug in this code, which is no reason to end the ingestion.
            Log.Unexpected(logger, e, RetryInterval);
            return RetryInterval;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Logos wait: {Reason} Next attempt in {Wait}.")]
        public static partial void Waits(ILogger logger, string reason, TimeSpan wait);

        [LoggerMessage(LogLevel.Error, "Logos could not be fetched, unexpectedly. Next attempt in {Wait}.")]
        public static partial void Unexpected(ILogger logger, Exception exception, TimeSpan wait);
    }
}
