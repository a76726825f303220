using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Npgsql;

namespace Kasparro.Ingestion.Backfills;

/// <summary>The tables <c>backfills</c> and <c>backfill_windows</c>.</summary>
internal sealed class BackfillStore(NpgsqlDataSource dataSource, Partitions partitions, TimeProvider time)
{
    /// <summary>After this many failed attempts a window is given up; the rest after each failure is longer.</summary>
    private const int MaxAttempts = 8;

    // Requests of operators come first, then the first start's backfill, then gaps, newest first.
    private const string NextSql = $"""
        SELECT b.backfill_id, w.position, w.listing_id, w.source, w.external_id, w.starts_at, w.ends_at, b.trace_parent
        FROM backfills b JOIN backfill_windows w ON w.backfill_id = b.backfill_id
        WHERE {Backfill.IsActive} AND w.closed_at IS NULL AND w.source <> ALL ($1)
        ORDER BY array_position(ARRAY['{BackfillOrigin.Request}', '{BackfillOrigin.FirstStart}', '{BackfillOrigin.Gap}'], b.origin),
                 CASE WHEN b.origin = '{BackfillOrigin.Gap}' THEN b.starts_at END DESC, b.ordered_at, b.backfill_id, w.attempts, w.position
        LIMIT 1
        """;

    private const string FinishSql = """
        UPDATE backfills SET finished_at = $2 WHERE backfill_id = $1 AND NOT EXISTS (
            SELECT FROM backfill_windows w WHERE w.backfill_id = $1 AND w.closed_at IS NULL)
        """;

    /// <summary>Whether there is a backfill to divide into windows, or an open window of a source that is not resting.</summary>
    public async Task<bool> HasWorkAsync(IReadOnlyCollection<string> resting, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand($"""
            SELECT EXISTS (SELECT FROM backfills b WHERE {Backfill.IsActive} AND b.planned_at IS NULL)
                OR EXISTS (SELECT FROM backfills b JOIN backfill_windows w ON w.backfill_id = b.backfill_id
                           WHERE {Backfill.IsActive} AND w.closed_at IS NULL AND w.source <> ALL ($1))
            """);
        command.Parameters.AddValues([resting.ToArray()]);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Whether a worker is currently reading past prices.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"SELECT EXISTS (SELECT FROM ingestion_runs WHERE status = '{RunStatus.Running}' AND trigger = '{RunTrigger.Backfill}')");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The window to read next, or null if there is none.</summary>
    public async Task<BackfillPart?> FindNextAsync(IReadOnlyCollection<string> resting, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(NextSql);
        command.Parameters.AddValues([resting.ToArray()]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetGuid(0), reader.GetInt32(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4),
                new(reader.GetFieldValue<DateTimeOffset>(5), reader.GetFieldValue<DateTimeOffset>(6)), reader.GetStringOrNull(7))
            : null;
    }

    /// <summary>The progress of a backfill.</summary>
    public async Task<BackfillProgress> ReadProgressAsync(Guid backfillId, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"SELECT closed, windows, points, seconds_left FROM ({BackfillWindow.ProgressSql}) AS p");
        command.Parameters.AddValues([new[] { backfillId }]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? null : TimeSpan.FromSeconds(reader.GetDouble(3)))
            : new(0, 0, 0, null);
    }

    /// <summary>Stores the prices of a window and closes it, in one transaction.</summary>
    /// <returns>The number of prices that were new or differed from the stored ones.</returns>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over; nothing was written.</exception>
    public async Task<int> StoreAsync(ActiveRun run, BackfillPart part, PriceHistory history, CancellationToken cancellationToken)
    {
        var quotes = history.Points.Select(point => new Quote
        {
            ListingId = part.ListingId,
            QuotedAt = point.At,
            PriceUsd = point.PriceUsd,
            MarketCapUsd = point.MarketCapUsd,
            Volume24hUsd = point.Volume24hUsd,
            RunId = run.RunId,
        }).ToList();
        await partitions.EnsureAsync(Partitions.Quotes, quotes.Select(quote => quote.QuotedAt), cancellationToken);
        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, run.FencingToken, cancellationToken);
        var stored = await QuoteStore.UpsertAsync(transaction.Connection, quotes, cancellationToken);
        var outcome = new PageOutcome(
            Inserted: 0, stored.Count, quotes.Count - stored.Count, Duplicates: 0, history.Dropped, CatalogueVersion: null);
        await using var closing = new NpgsqlBatch(transaction.Connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("""
                    UPDATE backfill_windows SET closed_at = $3, run_id = $4, points = $5, written = $6, dropped = $7, error = NULL
                    WHERE backfill_id = $1 AND position = $2
                    """).With([part.BackfillId, part.Position, time.GetUtcNow(), run.RunId, quotes.Count, stored.Count, history.Dropped]),
                Finish(part.BackfillId),
                RunStore.Count(run, outcome, pages: 1, part.ExternalId, [.. stored.Select(quote => quote.QuotedAt)]),
            },
        };
        await closing.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return stored.Count;
    }

    /// <summary>Gives up the open windows of a listing, since its source has no data for it.</summary>
    /// <returns>The number of windows given up.</returns>
    public Task<int> PassOverAsync(ActiveRun run, BackfillPart part, string reason, CancellationToken cancellationToken) =>
        CloseAsync(run, part.BackfillId, "listing_id = $5", part.ListingId, reason, cancellationToken);

    /// <summary>Gives up the open windows of a source, since its plan does not cover them.</summary>
    /// <returns>The number of windows given up.</returns>
    public Task<int> GiveUpAsync(ActiveRun run, BackfillPart part, string reason, CancellationToken cancellationToken) =>
        CloseAsync(run, part.BackfillId, "source = $5", part.Source, reason, cancellationToken);

    /// <summary>Notes that a window could not be read; it is tried again later, unless it has failed too often.</summary>
    public async Task NoteFailureAsync(ActiveRun run, BackfillPart part, string reason, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, run.FencingToken, cancellationToken);
        await using var batch = new NpgsqlBatch(transaction.Connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"""
                    UPDATE backfill_windows
                    SET attempts = attempts + 1, error = $4, run_id = $5, closed_at = CASE WHEN attempts + 1 >= {MaxAttempts} THEN $3 END
                    WHERE backfill_id = $1 AND position = $2
                    """).With([part.BackfillId, part.Position, time.GetUtcNow(), Parameters.Text(reason), run.RunId]),
                Finish(part.BackfillId),
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<int> CloseAsync<T>(
        ActiveRun run, Guid backfillId, string condition, T value, string reason, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, run.FencingToken, cancellationToken);
        var close = new NpgsqlBatchCommand($"""
            UPDATE backfill_windows SET closed_at = $2, run_id = $3, error = $4
            WHERE backfill_id = $1 AND closed_at IS NULL AND {condition}
            """).With([backfillId, time.GetUtcNow(), run.RunId, Parameters.Text(reason), new NpgsqlParameter<T> { TypedValue = value }]);
        await using var batch = new NpgsqlBatch(transaction.Connection) { BatchCommands = { close, Finish(backfillId) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return close.RecordsAffected;
    }

    private NpgsqlBatchCommand Finish(Guid backfillId) => new NpgsqlBatchCommand(FinishSql).With([backfillId, time.GetUtcNow()]);
}
