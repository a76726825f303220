using Kasparro.Data.Runs;
using Kasparro.Ingestion.Runs;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Chaos;

/// <summary>Many concurrent workers: separate hosts, each with its own connections, on one database and one Redis.</summary>
public sealed class ManyWorkersTests(BackingServices services)
{
    private const int Workers = 20;

    [Fact]
    public async Task Two_runs_are_never_active_when_workers_start_at_once()
    {
        var rounds = ChaosRun.Count(sample: 10, full: 50);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 6, size: 5);
        await using var first = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        var workers = Enumerable.Range(1, Workers - 1).Select(_ => IngestionHarness.Create(first.Settings)).Prepend(first).ToList();
        await using var redis = await ConnectionMultiplexer.ConnectAsync(first.Settings["ConnectionStrings:cache"]!);

        // The basis of everything below: a unique index on the status that only an active run has.
        Assert.Equal(
            ["True | True | (status = 'running'::text)"],
            await first.RowsAsync(
                """
                SELECT indisunique, indisvalid, pg_get_expr(indpred, indrelid) FROM pg_index
                WHERE indrelid = 'ingestion_runs'::regclass AND indisunique AND NOT indisprimary
                """,
                Cancellation));

        var (lockedOut, overtaken, completed, refused) = (0, 0, 0, 0);
        for (var round = 0; round < rounds; round++)
        {
            // In every other round Redis forgets the lock, so that only the database keeps the workers apart.
            var forgets = round % 2 == 1;
            var outcomes = await StartAsync(workers, forgets ? redis.GetDatabase() : null);
            var sources = outcomes.SelectMany(outcome => outcome.Sources).ToList();
            Assert.All(sources, source => Assert.True(source.Status is RunStatus.Completed or RunStatus.LostLock, source.ToString()));
            Assert.Contains(sources, source => source.Status == RunStatus.Completed);
            Assert.True(forgets || sources.TrueForAll(source => source.Status == RunStatus.Completed), string.Join("; ", sources));
            lockedOut += outcomes.Count(outcome => outcome.LockedOut);
            overtaken += sources.Count(source => source.Status == RunStatus.LostLock);
            completed += sources.Count(source => source.Status == RunStatus.Completed);
            refused += await RaceAsync(first);
        }

        Assert.Equal(30, await first.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
        Assert.Equal(30, await first.ScalarAsync<long>("SELECT count(*) FROM quotes", Cancellation));
        Assert.Empty(await first.RowsAsync("SELECT status FROM ingestion_runs WHERE status = 'running'", Cancellation));
        ChaosRun.Tell(
            $"{Workers} workers at once, {rounds} times, half of them with a Redis that forgets the lock: {completed} runs completed, "
                + $"{overtaken} overtaken, {lockedOut} locked out; "
            + $"{refused} second active runs, forced upon the database, refused by its unique index");
        foreach (var worker in workers.Skip(1))
        {
            await worker.DisposeAsync();
        }
    }

    private static async Task<IngestionOutcome[]> StartAsync(List<IngestionHarness> workers, IDatabase? forgetful)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var forgetting = forgetful is null ? Task.CompletedTask : ForgetAsync(forgetful, ended.Token);
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = workers.ConvertAll(async worker =>
        {
            await start.Task;
            var outcome = await worker.IngestAsync(Cancellation, SourceNames.CoinGecko);
            while (forgetful is not null && outcome.LockedOut)
            {
                // The lock is forgotten sooner or later, so all workers get in.
                outcome = await worker.IngestAsync(Cancellation, SourceNames.CoinGecko);
            }

            return outcome;
        });
        start.SetResult();
        var outcomes = await Task.WhenAll(running);
        await ended.CancelAsync();
        await forgetting;
        return outcomes;
    }

    private static async Task ForgetAsync(IDatabase redis, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await redis.KeyDeleteAsync(CacheKeys.IngestionLock);
        }
    }

    /// <summary>Inserts active runs without locks and tokens; returns how many the database refused, which is all but one.</summary>
    private static async Task<int> RaceAsync(IngestionHarness ingestion)
    {
        var started = await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => TryStartAsync(ingestion)));
        Assert.Equal(1, started.Count(isIn => isIn));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs WHERE status = 'running'", Cancellation));
        await ingestion.ExecuteAsync("DELETE FROM ingestion_runs WHERE status = 'running'", Cancellation);
        return Workers - 1;
    }

    private static async Task<bool> TryStartAsync(IngestionHarness ingestion)
    {
        await using var command = ingestion.Database.CreateCommand(
            """
            INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at,
                                        pages, records_read, inserted, updated, unchanged, duplicates, rejected)
            VALUES (gen_random_uuid(), gen_random_uuid(), 'coingecko', 'command', 'simulated', 'running', 0, now(), 0, 0, 0, 0, 0, 0, 0)
            """);
        try
        {
            await command.ExecuteNonQueryAsync(Cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }
}
