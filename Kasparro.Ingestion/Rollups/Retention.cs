using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Rollups;

/// <summary>
/// Keeps the catalogue from growing without bound. Drops partitions that are entirely older than the configured age (a drop leaves nothing
/// to vacuum); those of quotes and hourly candles only once their content is in the next level of candles. Deletes old runs, backfills,
/// operators' requests, schema drifts, rejected records, changes, and checkpoints of files that are gone.
/// </summary>
internal sealed partial class Retention(
    NpgsqlDataSource dataSource, IOptions<RetentionOptions> options, TimeProvider time, ILogger<Retention> logger)
{
    /// <summary>The maximum number of rows that one transaction deletes.</summary>
    private const int BatchSize = 10_000;

    // Each source's last run and last completed run show its state, so they are kept regardless of their age.
    private const string OldRuns = $"""
        started_at < $1 AND finished_at IS NOT NULL AND (quotes_from IS NULL OR rolled_up_at IS NOT NULL) AND run_id NOT IN (
            SELECT DISTINCT ON (source) run_id FROM ingestion_runs ORDER BY source, fencing_token DESC)
        AND run_id NOT IN (
            SELECT DISTINCT ON (source) run_id FROM ingestion_runs
            WHERE status = '{RunStatus.Completed}' AND trigger NOT IN {RunTrigger.NotOfNow}
            ORDER BY source, fencing_token DESC)
        """;

    // The backfill of the first start is kept, since another one would be created without it. A gap is not found again, because the runs
    // around it are just as old as its backfill.
    private const string OldBackfills =
        $"coalesce(finished_at, cancelled_at) < $1 AND ends_at < $1 AND origin <> '{BackfillOrigin.FirstStart}'";

    // Each run that finds a file updates its checkpoint's time, whether or not the file has anything new.
    private const string OldFiles = $"source = '{SourceNames.Csv}' AND updated_at < $1";

    // Quotes before this time are in candles: their days are closed, and the candles of their runs have been made.
    private const string QuotesInCandles = """
        (SELECT least(days_until, (SELECT min(quotes_from) FROM ingestion_runs WHERE rolled_up_at IS NULL AND quotes_from IS NOT NULL))
         FROM candle_state)
        """;

    private const string HoursInDays = "(SELECT days_until FROM candle_state)";

    private long? _lastLook;

    /// <summary>
    /// Drops and deletes what is due, unless this process has already done so within the interval. A database error is logged, and the next
    /// call tries again.
    /// </summary>
    /// <param name="token">The fencing token of the ingestion that holds the lock.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public async Task DropWhenDueAsync(long token, CancellationToken cancellationToken)
    {
        if (_lastLook is { } last && time.GetElapsedTime(last) < options.Value.Interval)
        {
            return;
        }

        try
        {
            await DropAsync(Partitions.RawPages, options.Value.RawPages, "'infinity'", "", token, cancellationToken);
            await DropAsync(Partitions.Quotes, options.Value.Quotes, QuotesInCandles, "quotes_from", token, cancellationToken);
            await DropAsync(Partitions.HourlyCandles, options.Value.HourlyCandles, HoursInDays, "hours_from", token, cancellationToken);
            await ForgetChangesAsync(token, cancellationToken);
            await DeleteAsync("checkpoints", OldFiles, options.Value.CsvCheckpoints, token, cancellationToken);
            await DeleteAsync("rejected_records", "rejected_at < $1", options.Value.RejectedRecords, token, cancellationToken);
            await DeleteAsync("schema_drifts", "detected_at < $1", options.Value.SchemaDrifts, token, cancellationToken);
            await DeleteAsync("ingestion_orders", "ordered_at < $1 AND taken_at IS NOT NULL", options.Value.Runs, token, cancellationToken);
            await DeleteAsync("backfills", OldBackfills, options.Value.Runs, token, cancellationToken);
            await DeleteAsync("ingestion_runs", OldRuns, options.Value.Runs, token, cancellationToken);
            _lastLook = time.GetTimestamp();
        }
        catch (Exception e) when (e is NpgsqlException or StaleFencingTokenException)
        {
            Log.NotDropped(logger, e.Explain());
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.NotDropped(logger, "stopped on request, or the run lock was lost.");
        }
    }

    /// <summary>Deletes, in batches, the rows of a table that meet a condition on <c>$1</c>, the time before which rows are old.</summary>
    private async Task DeleteAsync(string table, string condition, TimeSpan? keep, long token, CancellationToken cancellationToken)
    {
        if (keep is not { } age)
        {
            return;
        }

        var deleted = 0;
        int batch;
        do
        {
            await using var transaction = await FencedTransaction.BeginAsync(dataSource, token, cancellationToken);
            await using var delete = new NpgsqlCommand(
                $"DELETE FROM {table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {condition} LIMIT {BatchSize}))",
                transaction.Connection);
            delete.Parameters.AddValues([time.GetUtcNow() - age]);
            batch = await delete.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            deleted += batch;
        }
        while (batch == BatchSize);

        if (deleted > 0)
        {
            Log.Deleted(logger, deleted, table, age);
        }
    }

    private async Task ForgetChangesAsync(long token, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, token, cancellationToken);

        // By version, not by time: clocks may step back, and the remaining changes must have no gaps.
        await using var delete = new NpgsqlCommand(
            "DELETE FROM catalogue_changes WHERE version < (SELECT min(version) FROM catalogue_changes WHERE changed_at >= $1)",
            transaction.Connection);
        delete.Parameters.AddValues([time.GetUtcNow() - options.Value.Changes]);
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Drops the partitions of a table that are old and no longer needed, in one transaction.</summary>
    /// <param name="table">The table.</param>
    /// <param name="keep">The age from which rows are old; null to keep them all.</param>
    /// <param name="spare">An SQL expression for the time from which rows are still needed, regardless of their age.</param>
    /// <param name="from">The column of <c>candle_state</c> with the time from which the table has all of its rows; empty if there is
    /// none.</param>
    /// <param name="token">The fencing token.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    private async Task DropAsync(
        string table, TimeSpan? keep, string spare, string from, long token, CancellationToken cancellationToken)
    {
        if (keep is not { } age)
        {
            return;
        }

        await using var transaction = await FencedTransaction.BeginAsync(dataSource, token, cancellationToken);
        var connection = transaction.Connection;
        await using var select = new NpgsqlCommand($"SELECT least($1, {spare})", connection);
        select.Parameters.AddValues([time.GetUtcNow() - age]);
        var before = (DateTime)(await select.ExecuteScalarAsync(cancellationToken))!;
        var partitions = await Partitions.ReadAsync(connection, table, cancellationToken);
        partitions.RemoveAll(partition => partition.Until > before);
        if (partitions.Count == 0
            || (partitions is [{ Name: Partitions.QuotesBefore }] && await IsEmptyAsync(connection, cancellationToken)))
        {
            return;
        }

        // A drop waits for current readers, and new readers wait for the drop. Trying again after the next ingestion is better than
        // blocking the API behind a backup.
        var until = partitions[^1].Until;
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("SET LOCAL lock_timeout = '200ms'"),
                new($"DROP TABLE {string.Join(", ", partitions.Select(partition => partition.Name))}"),
            },
        };
        if (from.Length > 0)
        {
            batch.BatchCommands.Add(
                new($"UPDATE candle_state SET {from} = greatest({from}, $1)") { Parameters = { new() { Value = until } } });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (table == Partitions.Quotes)
        {
            await using var late = new NpgsqlCommand(Partitions.CreateBefore(new(until, TimeSpan.Zero)), connection);
            await late.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        foreach (var partition in partitions)
        {
            Log.Dropped(logger, partition.Name, age);
        }
    }

    private static async Task<bool> IsEmptyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT NOT EXISTS (SELECT FROM {Partitions.QuotesBefore})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Dropped {Partition}: all of it is older than {Age}.")]
        public static partial void Dropped(ILogger logger, string partition, TimeSpan age);

        [LoggerMessage(LogLevel.Information, "Deleted {Count} rows of {Table} that are older than {Age}.")]
        public static partial void Deleted(ILogger logger, int count, string table, TimeSpan age);

        [LoggerMessage(LogLevel.Warning, "Old data could not all be deleted; the next ingestion tries again: {Reason}")]
        public static partial void NotDropped(ILogger logger, string reason);
    }
}
