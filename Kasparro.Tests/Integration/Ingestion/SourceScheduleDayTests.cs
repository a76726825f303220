using System.Globalization;
using System.Text;
using Kasparro.Ingestion;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>A worker over hours and days, on a clock that only the test moves.</summary>
[Takes(60)]
public sealed class SourceScheduleDayTests(BackingServices services) : IDisposable
{
    private const int Hours = 24;
    private const int FewHours = 4;

    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromSeconds(0.1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeLogCollector _log = new();
    private readonly SemaphoreSlim _hanging = new(0);

    [Fact]
    public async Task One_source_down_for_a_day_costs_the_other_no_call_and_is_itself_called_ever_less()
    {
        var undisturbed = await CountCallsAsync(Outage.None, FewHours);
        var disturbed = await CountCallsAsync(Outage.Refused, Hours);

        ChaosRun.Tell(Describe(disturbed));
        Assert.Equal(undisturbed.Paprika, disturbed.Paprika.Take(FewHours));
        Assert.All(disturbed.Paprika.Skip(FewHours), calls => Assert.Equal(undisturbed.Paprika[^1], calls));
        AssertEverLess(disturbed, ofARun: 1);
        Assert.InRange(disturbed.Gecko.Sum(), 24, 36);
    }

    /// <summary>A failure that a retry may fix is retried once within a run.</summary>
    [Theory]
    [InlineData(Outage.Failing)]
    [InlineData(Outage.Hanging)]
    public async Task A_source_that_fails_in_another_way_is_called_ever_less_too(Outage outage) =>
        AssertEverLess(await CountCallsAsync(outage, FewHours), ofARun: 2);

    private static void AssertEverLess(Calls disturbed, int ofARun)
    {
        Assert.Equal(ofARun, disturbed.OfARun);
        Assert.All(disturbed.Gecko, calls => Assert.Equal(0, calls % ofARun));
        Assert.InRange(disturbed.Gecko[0] / ofARun, 5, 8); // After 0, 1, 3, 7, 15 and 31 minutes, minus the jitter.
        Assert.All(disturbed.Gecko.Skip(1), calls => Assert.InRange(calls / ofARun, 0, 2));
    }

    private static string Describe(Calls disturbed)
    {
        var table = new StringBuilder("hour | coinpaprika | coingecko, down");
        for (var hour = 0; hour < Hours; hour++)
        {
            table.AppendLine().Append(CultureInfo.InvariantCulture, $"{hour,4} | {disturbed.Paprika[hour]} | {disturbed.Gecko[hour]}");
        }

        return table.AppendLine()
            .Append(CultureInfo.InvariantCulture, $" day | {disturbed.Paprika.Sum()} | {disturbed.Gecko.Sum()}").ToString();
    }

    [Fact]
    public async Task A_clock_that_is_set_back_holds_up_no_source_and_is_told_of()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await CreateAsync(
            upstream, ("Upstreams:Kind", "live"), ("Sources:CoinGecko:MonthlyCallBudget", "0"),
            ("Sources:CoinPaprika:MonthlyCallBudget", "0"));
        await WorkAsync(ingestion, TimeSpan.FromMinutes(30));
        var calls = upstream.Requests.Count;
        upstream.OnJson(
            StubUpstream.Market(1), StubUpstream.MarketPage(1, 3, price: 7).Replace("2026-01-01", "2026-01-02", StringComparison.Ordinal));

        _time.AdjustTime(_time.GetUtcNow().AddHours(-2));
        await WorkAsync(ingestion, TimeSpan.FromMinutes(1));

        Assert.True(upstream.Requests.Count > calls);
        Assert.Equal(7, await ingestion.ScalarAsync<double>("SELECT price_usd FROM listings WHERE external_id = 'coin-1'", Cancellation));
        Assert.Single(_log.GetSnapshot(), entry => entry.Message.Contains("has been set back", StringComparison.Ordinal));

        // From here on each source keeps its interval again.
        var runs = await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs", Cancellation);
        await WorkAsync(ingestion, TimeSpan.FromMinutes(60));
        Assert.Equal(runs + (3 * 6), await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs", Cancellation));
    }

    [Fact]
    public async Task A_clock_that_stood_years_ahead_at_the_first_start_keeps_no_source_from_being_read()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 3);
        upstream.OnJson("/coins/list", """[{"id":"coin-1","symbol":"c1","name":"Coin 1","platforms":{}}]""");
        await using var ingestion = await CreateAsync(
            upstream,
            ("Upstreams:Kind", "live"),
            ("Sources:CoinGecko:MonthlyCallBudget", "0"),
            ("Sources:CoinPaprika:MonthlyCallBudget", "0"),
            ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"));
        _time.AdjustTime(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await WorkAsync(ingestion, TimeSpan.FromMinutes(1));
        _time.AdjustTime(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
        var calls = upstream.Requests.Count;

        await WorkAsync(ingestion, TimeSpan.FromHours(24));

        // The market pages every six hours; the list of all coins once a day.
        Assert.Equal(4, upstream.Requests.Skip(calls).Count(request => request.EndsWith("&page=1", StringComparison.Ordinal)));
        Assert.Single(upstream.Requests.Skip(calls), request => request.StartsWith("/coins/list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_is_restored_while_a_worker_runs_has_each_source_read_at_its_interval()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.ScalarAsync<long>("UPDATE ingestion_lease SET token = 100 RETURNING token", Cancellation);
        await WorkAsync(ingestion, TimeSpan.FromMinutes(1));

        // The backup is older than the worker: it has none of its runs, and a lower token.
        await ingestion.ScalarAsync<long>(
            "WITH lost AS (DELETE FROM ingestion_runs) UPDATE ingestion_lease SET token = 50 RETURNING token", Cancellation);
        await WorkAsync(ingestion, TimeSpan.FromMinutes(30));

        Assert.Equal(3 * 3, await ingestion.ScalarAsync<long>("SELECT count(*) FROM ingestion_runs", Cancellation));
    }

    public void Dispose() => _hanging.Dispose();

    private async Task<Calls> CountCallsAsync(Outage outage, int hours)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", """[{"id":"c1","symbol":"C1","name":"Coin 1","is_active":true}]""");
        upstream.OnJson("/tickers", """[{"id":"c1","symbol":"C1","name":"Coin 1","quotes":{"USD":{"price":1}}}]""");
        switch (outage)
        {
            case Outage.Refused:
                upstream.OnStatus("/coins/markets", 403, """{"error":"forbidden"}""");
                break;
            case Outage.Failing:
                upstream.OnStatus("/coins/markets", 500);
                break;
            case Outage.Hanging:
                upstream.On("/coins/markets", context =>
                {
                    _hanging.Release();
                    return Task.Delay(Timeout.Infinite, context.RequestAborted);
                });
                break;
            default:
                upstream.OnJson("/coins/markets", StubUpstream.MarketPage(1, 1));
                break;
        }

        await using var ingestion = await CreateAsync(
            upstream,
            ("Sources:CoinGecko:PageSize", "250"),
            ("Sources:CoinGecko:RetryDelay", "00:00:00"),
            ("Sources:CoinGecko:AttemptTimeout", $"{AttemptTimeout}"));
        var (paprika, gecko) = (new int[hours], new int[hours]);
        _time.AdjustTime(new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero));
        for (var hour = 0; hour < hours; hour++)
        {
            var before = upstream.Requests.Count;
            await WorkAsync(ingestion, TimeSpan.FromHours(1));
            var requests = upstream.Requests.Skip(before).ToList();
            gecko[hour] = requests.Count(request => request.StartsWith("/coins/markets", StringComparison.Ordinal));
            paprika[hour] = requests.Count - gecko[hour];
        }

        var ofARun = await ingestion.ScalarAsync<int>(
            "SELECT max(upstream_calls) FROM ingestion_runs WHERE source = 'coingecko' AND (status = 'failed') = "
                + (outage is Outage.None ? "false" : "true"),
            Cancellation);
        return new(paprika, gecko, ofARun);
    }

    /// <summary>Does what the worker's loop does within the given duration.</summary>
    private async Task WorkAsync(IngestionHarness ingestion, TimeSpan duration)
    {
        var queue = ingestion.Host.Services.GetRequiredService<IngestionQueue>();
        var pipeline = ingestion.Host.Services.GetRequiredService<IngestionPipeline>();
        for (var rest = duration; rest > TimeSpan.Zero;)
        {
            if ((await queue.PeekAsync(Cancellation)) is { Request: null, Wait: var wait })
            {
                var step = wait < rest ? wait : rest;
                _time.Advance(step);
                rest -= step;
                continue;
            }

            var run = pipeline.RunAsync(async token => (await queue.PeekAsync(token)).Request, progress: null, Cancellation);
            using var ended = new CancellationTokenSource();
            while (await Task.WhenAny(run, _hanging.WaitAsync(ended.Token)) != run)
            {
                _time.Advance(AttemptTimeout);
                rest -= AttemptTimeout;
            }

            await ended.CancelAsync();
            await run;
        }
    }

    private Task<IngestionHarness> CreateAsync(
        StubUpstream upstream, params (string Key, string? Value)[] overrides) => IngestionHarness.CreateAsync(
        services,
        upstream.Url,
        Cancellation,
        builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(_time);
            builder.Services.AddSingleton<ILoggerProvider>(new FakeLoggerProvider(_log));
            builder.AddIngestionWorker();
        },
        [("Sources:Csv:Path", Path.Combine(AppContext.BaseDirectory, "none-*.csv")), .. overrides]);

    /// <summary>How CoinGecko behaves for a day.</summary>
    public enum Outage
    {
        None,
        Refused,
        Failing,
        Hanging,
    }

    /// <param name="Paprika">The number of CoinPaprika's calls per hour.</param>
    /// <param name="Gecko">The number of CoinGecko's calls per hour.</param>
    /// <param name="OfARun">The maximum number of CoinGecko's calls in a run.</param>
    private sealed record Calls(int[] Paprika, int[] Gecko, int OfARun);
}
