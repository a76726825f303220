using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>checkpoints</c>: how far each stream has been read.</summary>
internal sealed class CheckpointStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Reads the checkpoint of a stream, or returns null before its first page.</summary>
    public async Task<Checkpoint?> FindAsync(string source, string stream, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT run_id, page, records, is_complete, started_at, updated_at, last_external_id, content_identity
            FROM checkpoints WHERE source = $1 AND stream = $2
            """);
        command.Parameters.AddValues([source, stream]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return null;
        }

        return new Checkpoint
        {
            Source = source,
            Stream = stream,
            RunId = reader.GetGuid(0),
            Page = reader.GetInt32(1),
            Records = reader.GetInt64(2),
            IsComplete = reader.GetBoolean(3),
            StartedAt = reader.GetFieldValue<DateTimeOffset>(4),
            UpdatedAt = reader.GetFieldValue<DateTimeOffset>(5),
            LastExternalId = reader.GetStringOrNull(6),
            ContentIdentity = reader.GetStringOrNull(7),
        };
    }

    /// <summary>Marks a stream's reading as complete.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public Task CompleteAsync(ActiveRun run, string stream, CancellationToken cancellationToken) =>
        UpdateAsync(run, stream, "is_complete = true", cancellationToken);

    /// <summary>Makes the next reading of a stream start at its first page, because the current one is not reliable.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public Task StartOverAsync(ActiveRun run, string stream, CancellationToken cancellationToken) =>
        UpdateAsync(run, stream, "page = 0", cancellationToken);

    private async Task UpdateAsync(ActiveRun run, string stream, string change, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, run.FencingToken, cancellationToken);
        await using var command = new NpgsqlCommand(
            $"UPDATE checkpoints SET {change}, run_id = $3, updated_at = $4 WHERE source = $1 AND stream = $2", transaction.Connection);
        command.Parameters.AddValues([run.Source, stream, run.RunId, time.GetUtcNow()]);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Moves a stream's checkpoint past a page, in the page's transaction.</summary>
    public static NpgsqlBatchCommand Move(
        ActiveRun run, string stream, SourcePage page, DateTimeOffset readingStartedAt, DateTimeOffset now) =>
        new NpgsqlBatchCommand("""
            INSERT INTO checkpoints AS c (source, stream, run_id, page, records, is_complete, started_at, updated_at,
                                          last_external_id, content_identity)
            VALUES ($1, $2, $3, $4, $5, false, $6, $7, $8, $9)
            ON CONFLICT (source, stream) DO UPDATE
            SET run_id = excluded.run_id, page = excluded.page, records = excluded.records, is_complete = false,
                started_at = excluded.started_at, updated_at = excluded.updated_at,
                last_external_id = coalesce(excluded.last_external_id, c.last_external_id),
                content_identity = excluded.content_identity
            """).With(
        [
            run.Source, stream, run.RunId, page.Number + 1, page.RecordsThrough, readingStartedAt, now,
            Parameters.Text(RunStore.LastExternalId(page)), Parameters.Text(page.ContentIdentity),
        ]);
}
