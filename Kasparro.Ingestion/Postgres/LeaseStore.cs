using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// The table <c>ingestion_lease</c>: fencing tokens, drawn by the worker that holds the lock and verified in every transaction that it
/// commits.
/// </summary>
internal sealed class LeaseStore(NpgsqlDataSource dataSource, TimeProvider time)
{
    /// <summary>Far longer than a page's transaction takes: a worker that holds the lease for longer has stalled.</summary>
    private const string PageGrace = "5s";

    /// <summary>The advisory lock that marks a session as one of ingestion; no other session takes it.</summary>
    private const int MarkClass = 0x4B61_7370;
    private const int MarkKey = 1;

    private static readonly string Holder = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>
    /// Reads the newest token, for <see cref="ThrowIfStale"/>. The row stays share-locked until the transaction ends, so that no newer
    /// token can be drawn between this check and the commit.
    /// </summary>
    public static NpgsqlBatchCommand NewestToken() => new(
        $"SELECT token, pg_advisory_xact_lock_shared({MarkClass}, {MarkKey}) FROM ingestion_lease WHERE id = 1 FOR SHARE");

    /// <summary>Compares a token with the one that <see cref="NewestToken"/> read.</summary>
    /// <exception cref="StaleFencingTokenException">A newer token was drawn.</exception>
    public static void ThrowIfStale(long token, long newest)
    {
        if (newest != token)
        {
            throw new StaleFencingTokenException(token, newest);
        }
    }

    /// <summary>
    /// Draws the next fencing token, and marks runs that a dead worker left behind as interrupted. A worker that stalls within a page
    /// (stopped, or cut off from the database) blocks this with its lock on the lease: after a while its session is terminated, and with it
    /// the page's transaction. If another session has locked the row, the exception names it.
    /// </summary>
    public async Task<long> DrawTokenAsync(CancellationToken cancellationToken)
    {
        var evicted = true;
        while (true)
        {
            try
            {
                return await DrawAsync(cancellationToken);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                if (!evicted && await FindStrangerAsync(cancellationToken) is { } stranger)
                {
                    throw new NpgsqlException(
                        $"{stranger} holds a lock on ingestion_lease and is not an ingestion: end its transaction.", e);
                }

                evicted = await EvictAsync(cancellationToken);
            }
        }
    }

    /// <summary>Whether another worker has drawn a newer token; false if the database cannot be asked.</summary>
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

    /// <summary>
    /// Terminates the sessions of ingestion that hold the lease for a page. Other sessions that have locked the row are left alone.
    /// </summary>
    /// <returns>Whether there were any.</returns>
    private async Task<bool> EvictAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT count(pg_terminate_backend(mark.pid)) FROM pg_locks mark
            WHERE mark.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND mark.locktype = 'advisory'
              AND mark.classid = {MarkClass} AND mark.objid = {MarkKey} AND mark.objsubid = 2 AND mark.granted
              AND mark.pid <> pg_backend_pid()
            """);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
    }

    /// <summary>Describes the session that blocks the lease and does not belong to ingestion, or returns null if there is none.</summary>
    private async Task<string?> FindStrangerAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT format('Session %s (%s, %s)', a.pid, a.usename, coalesce(nullif(a.application_name, ''), 'no application name'))
            FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND l.granted
              AND l.relation = 'ingestion_lease'::regclass AND l.mode <> 'AccessShareLock' AND l.pid <> pg_backend_pid()
              AND NOT EXISTS (SELECT FROM pg_locks mark WHERE mark.pid = l.pid AND mark.locktype = 'advisory'
                              AND mark.classid = {MarkClass} AND mark.objid = {MarkKey} AND mark.objsubid = 2)
            LIMIT 1
            """);
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }
}
