using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>Runs an ingestion at once, then one every interval. Any number of workers may run: one of them works.</summary>
internal sealed partial class IngestionWorker(
    IngestionPipeline pipeline,
    IOptions<IngestionOptions> options,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<IngestionWorker> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var began = time.GetTimestamp();
            var wait = await IngestAsync(stoppingToken);
            if (wait is not { } next)
            {
                lifetime.StopApplication();
                return;
            }

            var rest = next - time.GetElapsedTime(began);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One ingestion; returns from its start to the next one's, or null to end the worker.</summary>
    private async Task<TimeSpan?> IngestAsync(CancellationToken stopping)
    {
        try
        {
            var outcome = await pipeline.RunAsync(new IngestionRequest("schedule", []), progress: null, stopping);
            if (outcome.LockedOut)
            {
                if (options.Value.WhenLockedOut is LockedOutBehavior.Exit)
                {
                    Environment.ExitCode = ExitCodes.LockedOut;
                    return null;
                }

                return options.Value.RetryInterval;
            }

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
