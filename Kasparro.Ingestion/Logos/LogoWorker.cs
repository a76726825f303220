using Npgsql;

namespace Kasparro.Ingestion.Logos;

/// <summary>Fetches logos as long as the worker runs, next to its ingestions. Nothing that a store or a host does ends it.</summary>
internal sealed partial class LogoWorker(LogoFetcher fetcher, TimeProvider time, ILogger<LogoWorker> logger) : BackgroundService
{
    /// <summary>How often it looks for logos that are due.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long it waits after a failure.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    // A request, or a silent database, holds nothing up: what is at hand ends with the process, and another worker does it again.
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
            // A defect of ours, which is no reason to end the ingestion.
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
