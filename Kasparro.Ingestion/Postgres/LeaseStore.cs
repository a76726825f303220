using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>ingestion_lease</c>: fencing tokens, drawn by a worker that has the lock and proven in every transaction that it commits.</summary>
internal sealed class LeaseStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Far more than a page's transaction takes: who holds the lease for longer does not run.</summary>
    private const string PageGrace = "5s";

    private static readonly string Holder = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>
    /// Throws unless <paramref name="token"/> is the newest. The row stays locked for sharing until the transaction ends, so that no newer token
    /// can be drawn between this proof and the commit.
    /// </summary>
    /// <exception cref="StaleFencingTokenException">A newer one was drawn.</exception>
    public static async Task ProveTokenAsync(NpgsqlConnection connection, long token, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { NewestToken() } };
        ThrowIfStale(token, (long)(await batch.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>The statement behind <see cref="ProveTokenAsync"/>, for a batch; its answer goes to <see cref="ThrowIfStale"/>.</summary>
    public static NpgsqlBatchCommand NewestToken() => new("SELECT token FROM ingestion_lease WHERE id = 1 FOR SHARE");

    /// <summary>The verdict on what <see cref="NewestToken"/> answered.</summary>
    /// <exception cref="StaleFencingTokenException">A newer one was drawn.</exception>
    public static void ThrowIfStale(long token, long newest)
    {
        if (newest != token)
        {
            throw new StaleFencingTokenException(token, newest);
        }
    }

    /// <summary>
    /// Draws the next fencing token; runs that a dead worker left behind are marked interrupted. A worker that stands still amid a page (stopped,
    /// or cut off from the database) holds the lease against this: after a while its session is ended, and with it its page's transaction.
    /// </summary>
    public async Task<long> DrawTokenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await DrawAsync(cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await EvictAsync(cancellationToken);
            }
        }
    }

    /// <summary>Whether another worker has drawn a newer token; false while the database does not say.</summary>
    public async Task<bool> IsOvertakenAsync(ActiveRun run, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand("SELECT token FROM ingestion_lease WHERE id = 1");
            return (long)(await command.ExecuteScalarAsync(cancellationToken))! != run.FencingToken;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<long> DrawAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var now = time.GetUtcNow();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new($"SET LOCAL lock_timeout = '{PageGrace}'"),
                new("UPDATE ingestion_lease SET token = token + 1, holder = $1, acquired_at = $2 WHERE id = 1 RETURNING token")
                {
                    Parameters = { new() { Value = Holder }, new() { Value = now } },
                },
                new("""
                    UPDATE ingestion_runs SET status = $1, finished_at = $2, error = 'Its worker ended without finishing it.'
                    WHERE status = $3
                    """)
                {
                    Parameters = { new() { Value = RunStatus.Interrupted }, new() { Value = now }, new() { Value = RunStatus.Running } },
                },
            },
        };
        var token = (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return token;
    }

    /// <summary>Ends the sessions that hold the lease for a page: FOR SHARE takes this lock, and nothing else here does.</summary>
    private async Task EvictAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
            WHERE d.datname = current_database() AND l.relation = 'ingestion_lease'::regclass AND l.mode = 'RowShareLock' AND l.granted
              AND l.pid <> pg_backend_pid()
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
