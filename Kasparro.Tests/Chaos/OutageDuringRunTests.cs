using System.Collections.Concurrent;
using System.Net;
using Kasparro.Api;
using Kasparro.Data.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kasparro.Tests.Chaos;

/// <summary>PostgreSQL and Redis stop during a run, and come back.</summary>
[Takes(50)]
public sealed class OutageDuringRunTests : IDisposable
{
    private const int Pages = 20;
    private const int PageSize = 25;

    private readonly string _folder = Directory.CreateTempSubdirectory("kasparro-outage-").FullName;

    /// <summary>
    /// The worker completes every source on its own, with the content of an undisturbed run. The API responds to every request: to a hot
    /// page always with 200, as long as PostgreSQL is away for no longer than <c>Api:MaxStaleness</c>; to a page that was not requested
    /// before, which needs PostgreSQL, with 200 or 503.
    /// </summary>
    [Fact]
    public async Task A_run_completes_and_the_api_serves_when_postgres_and_redis_restart()
    {
        var rounds = ChaosRun.Count(sample: 1, full: 3);
        await using var servers = await DisposableServers.StartAsync(Cancellation);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Serve(upstream);
        await File.WriteAllLinesAsync(
            Path.Combine(_folder, "assets.csv"),
            [
                "id,symbol,name,price_usd,updated_at",
                .. Enumerable.Range(1, Pages * PageSize).Select(n => $"r-{n},R{n},Row {n},{n}.5,2026-01-01T00:00:00Z"),
            ],
            Cancellation);
        var expected = await UndisturbedAsync(servers, upstream);
        Outage[] outages =
        [
            new("Postgres restarted", "INT", Redis: false, Again: false), new("Postgres crashed", "QUIT", Redis: false, Again: false),
            new("Redis killed", null, Redis: true, Again: false), new("both killed", "QUIT", Redis: true, Again: false),
            new("Postgres crashed during unchanged pages", "QUIT", Redis: false, Again: true),
        ];
        for (var round = 0; round < rounds; round++)
        {
            foreach (var outage in outages.TakeLast(ChaosRun.Count(sample: 2, full: outages.Length)))
            {
                var page = 3 + (5 * round);
                ChaosRun.Tell(
                    $"{outage.Name} during a run, at page {page}: {await DisturbAsync(servers, upstream, expected, page, outage)}");
            }
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Serve(StubUpstream upstream)
    {
        upstream.Empty();
        var coins = Enumerable.Range(1, Pages * PageSize)
            .Select(n => $$"""{"id":"p-{{n}}","symbol":"C{{n}}","name":"Coin {{n}}","rank":{{n}},"is_active":true}""");
        upstream.OnJson("/coins", $"[{string.Join(',', coins)}]");
        upstream.Markets(Pages, PageSize);
    }

    // A killed worker may leave its lock behind, so each case has its own Redis database.
    private Dictionary<string, string?> Settings(
        DisposableServers servers, StubUpstream upstream, string catalogue) => WorkerSettings.Create(
        catalogue,
        servers.CreateRedisDatabase(),
        upstream.Url,
        ("Ingestion:LockExpiry", "00:00:05"),
        ("Ingestion:RetryInterval", "00:00:01"),
        ("Retention:Quotes", "36500.00:00:00"), // So that everything that was read is compared, however old.
        ("Backfill:Gaps", "false"),
        ("Sources:CoinPaprika:PageSize", $"{PageSize}"),
        ("Sources:CoinGecko:PageSize", $"{PageSize}"),
        ("Sources:Csv:Path", _folder),
        ("Sources:Csv:PageSize", $"{PageSize}"),
        ("ASPNETCORE_URLS", "http://127.0.0.1:0"));

    private async Task<string> UndisturbedAsync(DisposableServers servers, StubUpstream upstream)
    {
        await using var undisturbed =
            IngestionHarness.Create(Settings(servers, upstream, await servers.CreateDatabaseAsync("undisturbed", Cancellation)));
        var outcome = await undisturbed.IngestAsync(Cancellation);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        return await undisturbed.ContentAsync(Cancellation);
    }

    private async Task<string> DisturbAsync(
        DisposableServers servers, StubUpstream upstream, string expected, int page, Outage outage)
    {
        var settings = Settings(servers, upstream, await servers.CreateDatabaseAsync($"disturbed_{Guid.NewGuid():N}", Cancellation));
        await using var ingestion = IngestionHarness.Create(settings);
        if (outage.Again)
        {
            Assert.True((await ingestion.IngestAsync(Cancellation)).Succeeded);
        }

        var before = await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs", Cancellation);
        var (reached, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        upstream.On(StubUpstream.Market(page), async context =>
        {
            upstream.OnJson(StubUpstream.Market(page), StubUpstream.MarketPage(page, PageSize));
            reached.SetResult();
            await release.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(
                context.Response, StubUpstream.MarketPage(page, PageSize), context.RequestAborted);
        });
        await using var api = ApiApplication.Create(
            [
                $"--ConnectionStrings:kasparro={settings["ConnectionStrings:kasparro"]}",
                $"--ConnectionStrings:cache={settings["ConnectionStrings:cache"]}",
                "--urls=http://127.0.0.1:0",
                "--Api:MaxStaleness=00:01:00", // Longer than a restart on a busy machine.
            ],
            builder => builder.Logging.ClearProviders());
        await api.StartAsync(Cancellation);

        using var worker = IngestionProcess.Start(settings, Cancellation, "worker");
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var hot = AskAsync(api, _ => "/data?page_size=5", ended.Token);
        var cold = AskAsync(api, n => $"/data?symbol=C{n}", ended.Token);
        await Eventually.TrueAsync(() => Task.FromResult(hot.Answers.ContainsKey(HttpStatusCode.OK)), Cancellation);

        release.SetResult(); // Pages are being written to the database while it stops.
        await Task.WhenAll(
            outage.Postgres is { } signal ? servers.StopPostgresAsync(signal, Cancellation) : Task.CompletedTask,
            outage.Redis ? servers.KillRedisAsync(Cancellation) : Task.CompletedTask);
        await Task.WhenAll(
            outage.Postgres is null ? Task.CompletedTask : servers.StartPostgresAsync(Cancellation),
            outage.Redis ? servers.StartRedisAsync(Cancellation) : Task.CompletedTask);
        await Eventually.TrueAsync(() => AreCompletedAsync(ingestion, before), Cancellation);
        await ended.CancelAsync();
        await hot.Asking;
        await cold.Asking;

        await Eventually.TrueAsync( // Candles are built after a run has ended.
            async () => await ingestion.ScalarAsync<long>(
                "SELECT count(*) FROM ingestion_runs WHERE quotes_from IS NOT NULL AND rolled_up_at IS NULL", Cancellation) == 0,
            Cancellation);
        Assert.Equal(expected, await ingestion.ContentAsync(Cancellation));
        Assert.Equal([HttpStatusCode.OK], hot.Answers.Keys);
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }, cold.Answers.Keys.ToHashSet());
        var statuses =
            await ingestion.RowsAsync("SELECT status FROM ingestion_runs WHERE status <> 'completed' ORDER BY started_at", Cancellation);
        await api.StopAsync(Cancellation);
        var failures = statuses.Count == 0 ? "not a run failed" : $"{string.Join(", ", statuses)}, then resumed";
        return $"every source completed, content as undisturbed ({failures}); "
            + $"API: hot page {Describe(hot.Answers)}, new pages {Describe(cold.Answers)}, no connection refused or broken";
    }

    private static string Describe(IReadOnlyDictionary<HttpStatusCode, int> answers) =>
        string.Join(" + ", answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Value} × {(int)answer.Key}"));

    private static async Task<bool> AreCompletedAsync(IngestionHarness ingestion, long runsBefore)
    {
        try
        {
            return await ingestion.ScalarAsync<long>(
                $"""
                SELECT count(DISTINCT source)
                FROM (SELECT source, status FROM ingestion_runs ORDER BY started_at OFFSET {runsBefore}) AS later
                WHERE status = '{RunStatus.Completed}'
                """,
                Cancellation) == SourceNames.All.Length;
        }
        catch (NpgsqlException)
        {
            return false; // The pool has yet to notice that its connections are closed.
        }
    }

    /// <summary>Sends requests in a loop; an incomplete response fails the test.</summary>
    private static (ConcurrentDictionary<HttpStatusCode, int> Answers, Task Asking) AskAsync(
        WebApplication api, Func<int, string> path, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        return (answers, LoopAsync());

        async Task LoopAsync()
        {
            using var client = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            for (var n = 1; !cancellationToken.IsCancellationRequested; n++)
            {
                using var response = await client.GetAsync(new Uri(path(n), UriKind.Relative), Cancellation);
                answers.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
                await pace.WaitForNextTickAsync(Cancellation);
            }
        }
    }

    /// <param name="Name">The name of the outage in the report.</param>
    /// <param name="Postgres">The signal that stops PostgreSQL, or null if it keeps running.</param>
    /// <param name="Redis">Whether Redis is killed.</param>
    /// <param name="Again">
    /// Whether the run reads what an earlier run has already read, so that its pages commit without waiting for the disk.
    /// </param>
    private sealed record Outage(string Name, string? Postgres, bool Redis, bool Again);
}
