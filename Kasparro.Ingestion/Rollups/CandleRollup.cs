using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Rollups;

/// <summary>
/// Makes candles from the quotes that runs wrote, and daily candles from the hourly ones of past days. A run is marked once all of its
/// quotes are in candles; until then, even if a worker died halfway, the next ingestion makes them again.
/// </summary>
internal sealed partial class CandleRollup(
    NpgsqlDataSource dataSource,
    Partitions partitions,
    IngestionTelemetry telemetry,
    IOptions<RetentionOptions> retention,
    TimeProvider time,
    ILogger<CandleRollup> logger)
{
    /// <summary>The number of day parts per transaction, exceeded only to complete the last part's month.</summary>
    private const int BatchSize = 1_000;

    /// <summary>The number of quotes per transaction, exceeded only to complete the last part's month.</summary>
    private const int MaxRows = 300_000;

    /// <summary>The number of concurrent transactions; two halve the time for a large run.</summary>
    private const int Lanes = 2;

    /// <summary>
    /// Makes all outstanding candles. A failure does not fail any source's run: it is logged, and the next ingestion tries again.
    /// </summary>
    /// <param name="token">The fencing token of the ingestion that holds the lock.</param>
    /// <param name="cancellationToken">Stops at once, provided that the database responds.</param>
    /// <param name="abandon">Stops waiting for a database that does not respond; closing the open transactions would have to wait for it as
    /// well.</param>
    public async Task ApplyAsync(long token, CancellationToken cancellationToken, CancellationToken abandon = default)
    {
        try
        {
            await MakeAsync(token, cancellationToken).WaitAsync(abandon);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.Waits(logger, "stopped on request, or the run lock was lost.");
        }
        catch (Exception e) when (e is NpgsqlException or StaleFencingTokenException)
        {
            Log.Waits(logger, e.Explain());
        }
    }

    private async Task MakeAsync(long token, CancellationToken cancellationToken)
    {
        var work = await CandleStore.ReadWorkAsync(dataSource, cancellationToken);
        var today = time.GetUtcNow().UtcDateTime.Date;
        if (work.DaysUntil == DateTime.MinValue)
        {
            await BeginAsync(token, today, cancellationToken);
            work = await CandleStore.ReadWorkAsync(dataSource, cancellationToken);
        }
        else if (work.DaysUntil > today.AddDays(1))
        {
            // The clock was ahead and has been set back: without this, no hourly candles would be kept until it reached that day again.
            // Today has been closed and stays closed.
            await CommitAsync(token, CandleStore.Reopen(today.AddDays(1)), cancellationToken);
            work = await CandleStore.ReadWorkAsync(dataSource, cancellationToken);
        }

        foreach (var run in work.Runs)
        {
            await RollUpAsync(run, work.HoursFrom, token, cancellationToken);
        }

        if (work.DaysUntil < today)
        {
            await CloseDaysAsync(work.DaysUntil, today, token, cancellationToken);
        }
    }

    private async Task BeginAsync(long token, DateTime today, CancellationToken cancellationToken)
    {
        var hoursFrom = retention.Value.HourlyCandles is { } age
            ? Partitions.GetStart(Partitions.HourlyCandles, time.GetUtcNow() - age).UtcDateTime
            : (DateTime?)null;
        await CommitAsync(token, CandleStore.Begin(today, hoursFrom), cancellationToken);
    }

    private async Task RollUpAsync(QuotedRun run, DateTime hoursFrom, long token, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginRunScope(run.Source, run.RunId);
        var began = time.GetTimestamp();
        var isCompleted = false;
        try
        {
            var parts = await InBatchesAsync(
                connection => CandleStore.SelectParts(connection, run),
                async batch =>
                {
                    await partitions.EnsureAsync(
                        Partitions.HourlyCandles, batch.Where(part => part.First >= hoursFrom).Select(part => (DateTimeOffset)part.First),
                        cancellationToken);
                    return CandleStore.RollUp(batch);
                },
                () => CandleStore.MarkRolledUp(run, time.GetUtcNow()),
                token,
                cancellationToken);
            isCompleted = true;
            Log.RolledUp(logger, run.Source, run.RunId, parts, time.GetElapsedTime(began).TotalSeconds);
        }
        catch (PostgresException e)
        {
            // Other runs may still succeed. An unreachable server throws another exception, which ends the loop.
            Log.NotRolledUp(logger, run.Source, run.RunId, e.MessageText);
        }
        finally
        {
            telemetry.RolledUp(run.Source, isCompleted, time.GetElapsedTime(began));
        }
    }

    private async Task CloseDaysAsync(DateTime from, DateTime today, long token, CancellationToken cancellationToken)
    {
        var days = await InBatchesAsync(
            connection => CandleStore.SelectDays(connection, from, today),
            batch => Task.FromResult(CandleStore.RollUpDays(batch)),
            () => CandleStore.MoveDays(today),
            token,
            cancellationToken);
        Log.Closed(logger, today.AddDays(-1), days);
    }

    /// <summary>Reads day parts, writes them in batches with one transaction each, and finally executes the closing command.</summary>
    private async Task<int> InBatchesAsync(
        Func<NpgsqlConnection, NpgsqlCommand> select,
        Func<IReadOnlyList<CandlePart>, Task<NpgsqlBatchCommand>> write,
        Func<NpgsqlBatchCommand> end,
        long token,
        CancellationToken cancellationToken)
    {
        var count = 0;
        await Parallel.ForEachAsync(
            ReadBatchesAsync(select, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken },
            async (batch, cancellation) =>
            {
                await CommitAsync(token, await write(batch), cancellation);
                Interlocked.Add(ref count, batch.Count);
            });
        await CommitAsync(token, end(), cancellationToken);
        return count;
    }

    private async IAsyncEnumerable<List<CandlePart>> ReadBatchesAsync(
        Func<NpgsqlConnection, NpgsqlCommand> select, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // The planner has no statistics yet for a table that has just grown, and would scan all of it.
        await using (var setting = new NpgsqlCommand("SET LOCAL enable_seqscan = off", connection))
        {
            await setting.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var command = select(connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (batch, rows) = (new List<CandlePart>(BatchSize), 0L);
        while (await reader.ReadAsync(cancellationToken))
        {
            var part = new CandlePart(reader.GetGuid(0), reader.GetDateTime(1), reader.GetDateTime(2), reader.GetInt64(3));

            // A listing's month is one row of daily_candles: of two concurrent batches with days of that month, each would keep only its
            // own days.
            if ((batch.Count >= BatchSize || rows >= MaxRows) && !part.IsOfMonthOf(batch[^1]))
            {
                yield return batch;
                (batch, rows) = (new(BatchSize), 0);
            }

            batch.Add(part);
            rows += part.Rows;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    private async Task CommitAsync(long token, NpgsqlBatchCommand command, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, token, cancellationToken);

        // Nothing depends on this commit being durable: if the server crashes before it is on disk, the mark is lost too, and the candles
        // are made again.
        await using var batch = new NpgsqlBatch(transaction.Connection)
        {
            BatchCommands = { new("SET LOCAL synchronous_commit = off"), new("SET LOCAL work_mem = '64MB'"), command },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Source}: candles of run {RunId}: {Parts} listings' days in {Seconds:0.00} s.")]
        public static partial void RolledUp(ILogger logger, string source, Guid runId, int parts, double seconds);

        [LoggerMessage(LogLevel.Information, "Candles of {Day:yyyy-MM-dd} and before are closed: {Days} listings' days.")]
        public static partial void Closed(ILogger logger, DateTime day, int days);

        [LoggerMessage(LogLevel.Warning, "{Source}: candles of run {RunId} could not be made; the next ingestion tries again: {Reason}")]
        public static partial void NotRolledUp(ILogger logger, string source, Guid runId, string reason);

        [LoggerMessage(LogLevel.Warning, "Candles are left to the next ingestion: {Reason}")]
        public static partial void Waits(ILogger logger, string reason);
    }
}
