using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources.Http;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Api;

public sealed class StatsTests(BackingServices services)
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Stats_show_every_source_when_nothing_ever_ran()
    {
        await using var api = await StartAsync(services.CreateRedisDatabase());

        var body = await api.Client.GetStringAsync(new Uri("/stats", UriKind.Relative), Cancellation);

        const string never =
            """{"last_processed_id":null,"last_processed_at":null,"status":"never_run","run_id":null,"records_processed":"""
            + """null,"duration_ms":null,"freshness_seconds":null,"success_rate":null,"duration_p50_ms":null,"duration_p95_ms":null}""";
        const string unknown = """{"minute_limit":null,"left_this_minute":null,"month_limit":null,"left_this_month":null}""";
        Assert.Equal(
            $$"""
            {"records_processed":0,"last_success":null,"last_failure":null,"upstreams":null,
            "sources":{"coinpaprika":{{never}},"coingecko":{{never}},"csv_source":{{never}} },
            "upstream_calls":{"coinpaprika":{{unknown}},"coingecko":{{unknown}} } }
            """.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal),
            body);
    }

    [Fact]
    public async Task Stats_add_up_the_runs_and_show_the_newest_of_each_source()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        var newest = CatalogueSeed.Run(
            SourceNames.CoinPaprika, RunStatus.Completed, Start.AddHours(1), TimeSpan.FromSeconds(31.5), 100, "recorded");
        await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                CatalogueSeed.Run(SourceNames.CoinPaprika, RunStatus.Failed, Start, TimeSpan.FromSeconds(2), 7),
                newest,
                CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Completed, Start, TimeSpan.FromSeconds(1), 30),
                CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Cancelled, Start.AddMinutes(1), TimeSpan.FromDays(1), 3),
                Checkpoint("coins", "xrp-xrp", Start.AddHours(1)),
                Checkpoint("tickers", "zyx-zyx", Start.AddHours(2)),
            ],
            Cancellation);

        var stats = await api.GetAsync("/stats", Cancellation);

        Assert.Equal(140, (long)stats["records_processed"]!);
        Assert.Equal("2026-11-20T09:00:31.5Z", (string)stats["last_success"]!);
        Assert.Equal("2026-11-20T08:00:02Z", (string)stats["last_failure"]!);
        Assert.Equal("recorded", (string)stats["upstreams"]!);
        var paprika = stats["sources"]!["coinpaprika"]!.AsObject();
        Assert.InRange((double)paprika["freshness_seconds"]!, 0, double.MaxValue);
        paprika.Remove("freshness_seconds");
        Assert.Equal(
            $$"""
            {"last_processed_id":"zyx-zyx","last_processed_at":"2026-11-20T10:00:00Z","status":"completed",
            "run_id":"{{newest.RunId}}","records_processed":100,"duration_ms":31500,
            "success_rate":0.5,"duration_p50_ms":31500,"duration_p95_ms":31500}
            """.ReplaceLineEndings(""),
            paprika.ToJsonString());
        Assert.Equal(1, (double)stats["sources"]!["coingecko"]!["success_rate"]!);
        Assert.Equal("cancelled", (string)stats["sources"]!["coingecko"]!["status"]!);
        Assert.Equal(3, (long)stats["sources"]!["coingecko"]!["records_processed"]!);
        Assert.Equal("never_run", (string)stats["sources"]!["csv_source"]!["status"]!);
    }

    [Fact]
    public async Task Replay_of_rejected_records_does_not_make_a_source_look_fresh()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        var failed = CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Failed, Start.AddDays(1), TimeSpan.FromSeconds(2), 7);
        await CatalogueSeed.CommitAsync(
            api.Catalogue,
            [
                CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Completed, Start, TimeSpan.FromSeconds(10), 30),
                failed,
                CatalogueSeed.Run(
                    SourceNames.CoinGecko, RunStatus.Completed, Start.AddDays(2), TimeSpan.FromSeconds(1), 5, trigger: RunTrigger.Replay),
                CatalogueSeed.Run(
                    SourceNames.CoinPaprika, RunStatus.Completed, Start.AddDays(2), TimeSpan.FromSeconds(1), 0, trigger: RunTrigger.Replay),
                CatalogueSeed.Run(
                    SourceNames.CoinPaprika, RunStatus.Failed, Start.AddDays(3), TimeSpan.FromSeconds(1), 0, trigger: RunTrigger.Replay),
            ],
            Cancellation);

        var stats = await api.GetAsync("/stats", Cancellation);

        Assert.Equal("2026-11-20T08:00:10Z", (string)stats["last_success"]!);
        Assert.Equal("2026-11-21T08:00:02Z", (string)stats["last_failure"]!);
        Assert.Equal(42, (long)stats["records_processed"]!);
        var gecko = stats["sources"]!["coingecko"]!;
        Assert.Equal(
            ("failed", failed.RunId.ToString(), 0.5), ((string)gecko["status"]!, (string)gecko["run_id"]!, (double)gecko["success_rate"]!));
        Assert.Equal(10_000, (double)gecko["duration_p50_ms"]!);
        Assert.InRange((double)gecko["freshness_seconds"]!, (DateTimeOffset.UtcNow - Start.AddMinutes(1)).TotalSeconds, double.MaxValue);
        Assert.Equal("never_run", (string)stats["sources"]!["coinpaprika"]!["status"]!);
    }

    [Fact]
    public async Task Newest_run_is_the_last_one_also_when_the_clock_has_been_set_back()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        var ahead = CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Completed, Start.AddYears(4), TimeSpan.FromSeconds(1), 30, token: 1);
        var last = CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Failed, Start.AddHours(1), TimeSpan.FromSeconds(2), 3, token: 3);
        var completed = CatalogueSeed.Run(SourceNames.CoinGecko, RunStatus.Completed, Start, TimeSpan.FromSeconds(2), 3, token: 2);
        await CatalogueSeed.CommitAsync(api.Catalogue, [ahead, completed, last], Cancellation);

        var stats = await api.GetAsync("/stats", Cancellation);

        Assert.Equal("2026-11-20T08:00:02Z", (string)stats["last_success"]!);
        Assert.Equal(
            (last.RunId.ToString(), "failed"),
            ((string)stats["sources"]!["coingecko"]!["run_id"]!, (string)stats["sources"]!["coingecko"]!["status"]!));
    }

    [Fact]
    public async Task Stats_show_the_calls_that_are_left_as_the_worker_counts_them()
    {
        var cache = services.CreateRedisDatabase();
        await using var api = await StartAsync(cache);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(cache);
        var pace = new UpstreamRateLimiter(SourceNames.CoinGecko, limit: 10, () => redis, TimeProvider.System);
        await using var catalogue = NpgsqlDataSource.Create(api.Catalogue);
        var quota = new MonthlyQuota(SourceNames.CoinGecko, limit: 100, () => catalogue, TimeProvider.System);
        for (var call = 0; call < 3; call++)
        {
            await pace.WaitAsync(Cancellation);
            await quota.SpendAsync(Cancellation);
        }

        var calls = (await api.GetAsync("/stats", Cancellation))["upstream_calls"]!["coingecko"]!.ToJsonString();

        Assert.Equal("""{"minute_limit":10,"left_this_minute":7,"month_limit":100,"left_this_month":97}""", calls);
    }

    [Fact]
    public async Task Stats_do_without_the_calls_when_Redis_is_gone()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await api.Cache.CutAsync();

        var stats = await api.GetAsync("/stats", Cancellation);

        Assert.Null(stats["upstream_calls"]);
        Assert.Equal(0, (long)stats["records_processed"]!);
    }

    /// <summary>Starts an API with a Redis database in which no worker of other tests counts calls.</summary>
    private Task<ApiHarness> StartAsync(string cache) =>
        ApiHarness.StartAsync(services, Cancellation, $"--ConnectionStrings:cache={cache}");

    private static Checkpoint Checkpoint(string stream, string lastId, DateTimeOffset updatedAt) => new()
    {
        Source = SourceNames.CoinPaprika,
        Stream = stream,
        Page = 1,
        LastExternalId = lastId,
        StartedAt = Start,
        UpdatedAt = updatedAt,
    };
}
