using System.Diagnostics;
using Kasparro.Data.Runs;
using StackExchange.Redis;

namespace Kasparro.Tests.Chaos;

/// <summary>Workers that are killed or suspended at any moment.</summary>
[Takes(100)]
public sealed class KilledWorkerTests(ThreeSources sources) : IClassFixture<ThreeSources>
{
    private const int Lanes = 2;
    private const int Killed = 128 + 9;

    [Fact]
    public async Task Content_is_that_of_an_undisturbed_run_whenever_workers_are_killed()
    {
        var points = ChaosRun.Count(sample: 3, full: 100);
        var where = new List<string>[Lanes];
        await Parallel.ForAsync(0, Lanes, Cancellation, async (lane, token) =>
        {
            where[lane] = [];
            var random = new Random(ChaosRun.Seed + lane);
            for (var point = lane; point < points; point += Lanes)
            {
                where[lane].AddRange(await KillAsync(random, token));
            }
        });

        var spread = string.Join(", ", where.SelectMany(lane => lane).CountBy(source => source).OrderBy(
            source => source.Key, StringComparer.Ordinal)
            .Select(source => $"{source.Value} in {source.Key}"));
        ChaosRun.Tell(
            $"kill -9: {points} ingestions of {sources.Pages} pages killed and resumed ({spread}): "
                + $"each as undisturbed, {sources.Rows}; 0 duplicates, 0 lost");
    }

    [Fact]
    public async Task A_worker_stopped_past_its_locks_expiry_commits_nothing_when_it_wakes()
    {
        var times = ChaosRun.Count(sample: 1, full: 20);
        var random = new Random(ChaosRun.Seed);
        for (var time = 0; time < times; time++)
        {
            await StopAsync(random);
        }

        ChaosRun.Tell(
            $"SIGSTOP: {times} workers stopped past their lock's expiry, overtaken and woken: "
                + $"none committed a page, each ended {RunStatus.LostLock}");
    }

    /// <summary>Runs one ingestion that is killed once or twice and resumed; returns the sources during which it was killed.</summary>
    private async Task<List<string>> KillAsync(Random random, CancellationToken cancellationToken)
    {
        await using var ingestion = await sources.CreateAsync(cancellationToken);
        var kills = random.Next(5) == 0 ? 2 : 1;
        var where = new List<string>();
        while (where.Count < kills)
        {
            if (await KillOnceAsync(ingestion, random.Next(sources.Pages), TimeSpan.FromMilliseconds(random.Next(30)), cancellationToken))
            {
                where.Add(await ingestion.ScalarAsync<string>(
                    "SELECT coalesce((SELECT source FROM ingestion_runs WHERE status = 'running'), 'between')", cancellationToken));
            }

            await ThreeSources.ForgetLockAsync(ingestion);
        }

        var outcome = await ingestion.IngestAsync(cancellationToken);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(sources.Expected, await ingestion.ContentAsync(cancellationToken));
        await sources.DropAsync(ingestion, cancellationToken);
        return where;
    }

    /// <summary>Starts a worker and kills it some time after this many pages; false if it had already ended.</summary>
    private static async Task<bool> KillOnceAsync(
        IngestionHarness ingestion, int pages, TimeSpan later, CancellationToken cancellationToken)
    {
        using var worker = IngestionProcess.Start(ingestion.Settings, cancellationToken, "ingest");
        await worker.WritesAsync(pages, cancellationToken);
        SpinFor(later);
        worker.Kill();
        var (exitCode, _) = await worker.WaitAsync(cancellationToken);
        return exitCode == Killed;
    }

    private async Task StopAsync(Random random)
    {
        await using var ingestion = await sources.CreateAsync(Cancellation);
        using var worker = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest");
        Assert.True(await worker.WritesAsync(random.Next(1, sources.Pages * 3 / 4), Cancellation));
        SpinFor(TimeSpan.FromMilliseconds(random.Next(10)));
        await worker.SignalAsync("STOP", Cancellation);
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(ingestion.Settings["ConnectionStrings:cache"]!))
        {
            // The lock expires at once. With a short regular expiry, a busy machine could lose the lock before the signal.
            Assert.True(await redis.GetDatabase().KeyExpireAsync(CacheKeys.IngestionLock, TimeSpan.FromMilliseconds(1)));
            await Eventually.TrueAsync(async () => !await redis.GetDatabase().KeyExistsAsync(CacheKeys.IngestionLock), Cancellation);
        }

        var successor = await ingestion.IngestAsync(Cancellation);
        var content = await ingestion.ContentAsync(Cancellation);
        await worker.SignalAsync("CONT", Cancellation);
        var (exitCode, output) = await worker.WaitAsync(Cancellation);

        Assert.True(successor.Succeeded, string.Join("; ", successor.Sources));
        Assert.Equal(sources.Expected, content);
        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));
        Assert.True(exitCode == 1, output);
        Assert.Contains($": {RunStatus.LostLock}: ", output, StringComparison.Ordinal);
        Assert.Empty(await ingestion.RowsAsync(
            "SELECT status, error FROM ingestion_runs WHERE status NOT IN ('completed', 'lost_lock')", Cancellation));
        await sources.DropAsync(ingestion, Cancellation);
    }

    /// <summary>Busy-waits, because timers are too coarse to hit a point within a page.</summary>
    private static void SpinFor(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < time)
        {
            Thread.SpinWait(100);
        }
    }
}
