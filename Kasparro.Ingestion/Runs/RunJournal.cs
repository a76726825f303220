using Kasparro.Data.Runs;
using Kasparro.Ingestion.Loading;
using Kasparro.Ingestion.Sources;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Runs;

/// <summary>The lease, the runs and the checkpoints: every write proves its fencing token.</summary>
internal sealed class RunJournal(NpgsqlDataSource dataSource, TimeProvider time)
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

    /// <summary>Opens a run.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public async Task<ActiveRun> StartAsync(
        Guid ingestionId, string source, string trigger, string upstreams, long token, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ProveTokenAsync(connection, token, cancellationToken);
        var now = time.GetUtcNow();
        var run = new ActiveRun(Guid.CreateVersion7(now), source, token);
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at,
                                        pages, records_read, inserted, updated, unchanged, duplicates, rejected)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, 0, 0, 0, 0, 0)
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = run.RunId },
                new() { Value = ingestionId },
                new() { Value = source },
                new() { Value = trigger },
                new() { Value = upstreams },
                new() { Value = RunStatus.Running },
                new() { Value = token },
                new() { Value = now },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return run;
    }

    /// <summary>Adds to a page's transaction what counts it: moves the checkpoint and the run's counts.</summary>
    public static void RecordPage(
        NpgsqlBatch batch,
        ActiveRun run,
        ISourceStream stream,
        SourcePage page,
        PageOutcome outcome,
        DateTimeOffset readingStartedAt,
        DateTimeOffset now)
    {
        batch.BatchCommands.Add(MoveCheckpoint(run, stream, page, readingStartedAt, now));
        batch.BatchCommands.Add(Count(run, page, outcome, pages: 1));
        if (stream.Kind is RecordKind.Quote)
        {
            batch.BatchCommands.Add(Describe(run, page));
        }
    }

    /// <summary>Counts replayed records: no stream has moved.</summary>
    public static void RecordReplay(NpgsqlBatch batch, ActiveRun run, SourcePage page, PageOutcome outcome) =>
        batch.BatchCommands.Add(Count(run, page, outcome, pages: 0));

    /// <summary>Counts records in their own transaction, where no stream has moved: pages that were refused whole.</summary>
    public static async Task CountRecordsAsync(
        NpgsqlConnection connection, ActiveRun run, SourcePage page, PageOutcome outcome, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Count(run, page, outcome, pages: 0) } };
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The checkpoint of a stream, or null before its first page.</summary>
    public async Task<Checkpoint?> FindCheckpointAsync(string source, string stream, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            SELECT run_id, page, records, is_complete, started_at, updated_at, last_external_id, content_identity
            FROM checkpoints WHERE source = $1 AND stream = $2
            """);
        command.Parameters.Add(new() { Value = source });
        command.Parameters.Add(new() { Value = stream });
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

    /// <summary>Marks a stream's reading as come to its end.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public async Task CompleteStreamAsync(ActiveRun run, string stream, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ProveTokenAsync(connection, run.FencingToken, cancellationToken);
        await using var command = new NpgsqlCommand(
            "UPDATE checkpoints SET is_complete = true, run_id = $3, updated_at = $4 WHERE source = $1 AND stream = $2", connection);
        command.Parameters.Add(new() { Value = run.Source });
        command.Parameters.Add(new() { Value = stream });
        command.Parameters.Add(new() { Value = run.RunId });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Closes a run. No token is asked for: a worker that was overtaken may still say so of its own run, in place of the "interrupted" that its
    /// successor assumed.
    /// </summary>
    public async Task FinishAsync(ActiveRun run, string status, string? error, TimeSpan loading, int upstreamCalls, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            "UPDATE ingestion_runs SET status = $2, finished_at = $3, error = $4, load_ms = $6, upstream_calls = $7 WHERE run_id = $1 AND status = ANY($5)");
        command.Parameters.Add(new() { Value = run.RunId });
        command.Parameters.Add(new() { Value = status });
        command.Parameters.Add(new() { Value = time.GetUtcNow() });
        command.Parameters.Add(Text(error));
        command.Parameters.Add(new() { Value = new[] { RunStatus.Running, RunStatus.Interrupted } });
        command.Parameters.Add(new() { Value = loading.TotalMilliseconds });
        command.Parameters.Add(new() { Value = upstreamCalls });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand MoveCheckpoint(
        ActiveRun run, ISourceStream stream, SourcePage page, DateTimeOffset readingStartedAt, DateTimeOffset now) =>
        new("""
            INSERT INTO checkpoints AS c (source, stream, run_id, page, records, is_complete, started_at, updated_at,
                                          last_external_id, content_identity)
            VALUES ($1, $2, $3, $4, $5, false, $6, $7, $8, $9)
            ON CONFLICT (source, stream) DO UPDATE
            SET run_id = excluded.run_id, page = excluded.page, records = excluded.records, is_complete = false,
                started_at = excluded.started_at, updated_at = excluded.updated_at,
                last_external_id = coalesce(excluded.last_external_id, c.last_external_id),
                content_identity = excluded.content_identity
            """)
        {
            Parameters =
            {
                new() { Value = run.Source },
                new() { Value = stream.Name },
                new() { Value = run.RunId },
                new() { Value = page.Number + 1 },
                new() { Value = page.RecordsThrough },
                new() { Value = readingStartedAt },
                new() { Value = now },
                Text(LastExternalId(page)),
                Text(page.ContentIdentity),
            },
        };

    /// <summary>Adds a page's counts to its run's.</summary>
    public static NpgsqlBatchCommand Count(ActiveRun run, SourcePage page, PageOutcome outcome, int pages) =>
        new("""
            UPDATE ingestion_runs
            SET pages = pages + $9, records_read = records_read + $2, inserted = inserted + $3, updated = updated + $4,
                unchanged = unchanged + $5, duplicates = duplicates + $6, rejected = rejected + $7,
                last_external_id = coalesce($8, last_external_id)
            WHERE run_id = $1
            """)
        {
            Parameters =
            {
                new() { Value = run.RunId },
                new() { Value = (long)outcome.Read },
                new() { Value = (long)outcome.Inserted },
                new() { Value = (long)outcome.Updated },
                new() { Value = (long)outcome.Unchanged },
                new() { Value = (long)outcome.Duplicates },
                new() { Value = (long)outcome.Rejected },
                Text(LastExternalId(page)),
                new() { Value = pages },
            },
        };

    /// <summary>Adds what a page of quotes says as a whole, which later runs are compared with.</summary>
    private static NpgsqlBatchCommand Describe(ActiveRun run, SourcePage page)
    {
        var profile = PageProfile.Of(page.Records);
        return new("""
            UPDATE ingestion_runs
            SET quoted = quoted + $2, priced = priced + $3, with_market_cap = with_market_cap + $4, with_volume = with_volume + $5,
                positive_prices = positive_prices + $6,
                log_price_sum = log_price_sum + $7, from_page = coalesce(from_page, $8), to_page = $8 + 1
            WHERE run_id = $1
            """)
        {
            Parameters =
            {
                new() { Value = run.RunId },
                new() { Value = (long)page.Records.Count },
                new() { Value = profile.Priced },
                new() { Value = profile.WithMarketCap },
                new() { Value = profile.WithVolume },
                new() { Value = profile.PositivePrices },
                new() { Value = profile.LogPriceSum },
                new() { Value = page.Number },
            },
        };
    }

    private static string? LastExternalId(SourcePage page) => page.Records.Count > 0 ? page.Records[^1].ExternalId : null;

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
