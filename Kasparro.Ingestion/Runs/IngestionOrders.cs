using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// The orders that operators gave to the API, in PostgreSQL: they outlive a restart of either side, and of any number of workers one takes each.
/// </summary>
internal sealed partial class IngestionOrders(
    NpgsqlDataSource dataSource, IOptions<IngestionOptions> options, TimeProvider time, ILogger<IngestionOrders> logger)
{
    /// <summary>Waits for an order and takes it. What is taken is returned, even if <paramref name="cancellationToken"/> fires meanwhile.</summary>
    public async Task<IngestionRequest> TakeNextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await ListenAsync(cancellationToken);
            }
            catch (NpgsqlException e)
            {
                Log.Deaf(logger, e.Message, options.Value.RetryInterval);
                await Task.Delay(options.Value.RetryInterval, time, cancellationToken);
            }
        }
    }

    private async Task<IngestionRequest> ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {IngestionOrder.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await TakeAsync(connection) is { } order)
            {
                return order;
            }

            await connection.WaitAsync(cancellationToken);
        }
    }

    // Not to be cancelled: an order that was taken and not returned would be lost.
    private async Task<IngestionRequest?> TakeAsync(NpgsqlConnection connection)
    {
        await using var take = new NpgsqlCommand(
            """
            UPDATE ingestion_orders SET taken_at = $1
            WHERE ingestion_id = (SELECT ingestion_id FROM ingestion_orders WHERE is_waiting FOR UPDATE SKIP LOCKED LIMIT 1)
            RETURNING ingestion_id, source
            """,
            connection);
        take.Parameters.Add(new() { Value = time.GetUtcNow() });
        await using var reader = await take.ExecuteReaderAsync(CancellationToken.None);
        return await reader.ReadAsync(CancellationToken.None)
            ? new(RunTrigger.Request, reader.GetStringOrNull(1) is { } source ? [source] : [], IngestionId: reader.GetGuid(0))
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Cannot listen for ingestion requests: {Reason} Next attempt in {Wait}.")]
        public static partial void Deaf(ILogger logger, string reason, TimeSpan wait);
    }
}
