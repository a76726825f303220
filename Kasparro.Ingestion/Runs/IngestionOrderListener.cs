using Kasparro.Data.Runs;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Listens for ingestions that operators request. The connection is used for nothing else, so no notification is delayed by another
/// statement; each new connection wakes the worker, which finds the requests that were made while there was no connection.
/// </summary>
internal sealed partial class IngestionOrderListener(
    NpgsqlDataSource dataSource, WakeUp wakeUp, IOptions<IngestionOptions> options, TimeProvider time,
    ILogger<IngestionOrderListener> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotListening(logger, e.Explain(), options.Value.RetryInterval);
                await Task.Delay(options.Value.RetryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, _) => wakeUp.Set();
        await using (var listen = new NpgsqlCommand($"LISTEN {IngestionOrder.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        wakeUp.Set();
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "Cannot listen for ingestion requests: {Reason} Next attempt in {Wait}; until then the worker checks at intervals.")]
        public static partial void NotListening(ILogger logger, string reason, TimeSpan wait);
    }
}
