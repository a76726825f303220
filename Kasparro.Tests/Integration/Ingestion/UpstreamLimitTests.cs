using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Ingestion;

[Collection(IngestionCollection.Name)]
public sealed class UpstreamLimitTests(BackingServices services)
{
    private readonly string _source = $"test-{Guid.NewGuid():N}";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 31, 23, 59, 0, TimeSpan.Zero));
    private readonly FakeLogger<MonthlyQuota> _logger = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_budget_outlives_its_process_and_ends_with_a_reason()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        await Budget(3, () => redis).SpendAsync(Cancellation);
        await Budget(3, () => redis).SpendAsync(Cancellation);
        var last = Budget(3, () => redis);
        await last.SpendAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<SourceException>(() => last.SpendAsync(Cancellation));

        Assert.Contains("3 calls", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2027-01-01", refused.Message, StringComparison.Ordinal);
        var key = CacheKeys.Budget(_source, _time.GetUtcNow());
        Assert.Equal($"kasparro:budget:{_source}:2026-12", key);
        Assert.Equal(3, (long)await redis.GetDatabase().StringGetAsync(key)); // Refused calls are not sent, so they do not count.
        Assert.NotNull(await redis.GetDatabase().KeyTimeToLiveAsync(key));
    }

    [Fact]
    public async Task A_budget_starts_anew_with_the_month()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        var budget = Budget(1, () => redis);
        await budget.SpendAsync(Cancellation);
        await Assert.ThrowsAsync<SourceException>(() => budget.SpendAsync(Cancellation));

        _time.Advance(TimeSpan.FromMinutes(1));

        await budget.SpendAsync(Cancellation);
    }

    [Fact]
    public async Task A_budget_goes_on_when_redis_was_restarted_and_has_forgotten_it()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        var budget = Budget(3, () => redis);
        await budget.SpendAsync(Cancellation);
        await budget.SpendAsync(Cancellation);
        await redis.GetDatabase().KeyDeleteAsync(CacheKeys.Budget(_source, _time.GetUtcNow()));

        await budget.SpendAsync(Cancellation);

        Assert.Equal(3, (long)await redis.GetDatabase().StringGetAsync(CacheKeys.Budget(_source, _time.GetUtcNow())));
        await Assert.ThrowsAsync<SourceException>(() => budget.SpendAsync(Cancellation));
    }

    [Fact]
    public async Task A_budget_is_kept_in_the_process_while_redis_is_away()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        var away = false;
        var budget = Budget(5, () => away ? throw new TimeoutException("away") : redis);
        await budget.SpendAsync(Cancellation);
        away = true;
        await budget.SpendAsync(Cancellation);
        await budget.SpendAsync(Cancellation);
        Assert.Equal(LogLevel.Warning, Assert.Single(_logger.Collector.GetSnapshot()).Level);

        away = false;
        await budget.SpendAsync(Cancellation);
        Assert.Equal(4, (long)await redis.GetDatabase().StringGetAsync(CacheKeys.Budget(_source, _time.GetUtcNow())));

        away = true;
        await budget.SpendAsync(Cancellation);
        await Assert.ThrowsAsync<SourceException>(() => budget.SpendAsync(Cancellation));
    }

    [Fact]
    public async Task A_run_ends_at_once_when_the_budget_is_used_up()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        await redis.GetDatabase().KeyDeleteAsync(CacheKeys.Budget(SourceNames.CoinGecko, TimeProvider.System.GetUtcNow()));
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: 5);
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Upstreams:Kind", "live"), ("Sources:CoinGecko:MonthlyCallBudget", "2"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Failed, 10, 2), (outcome.Status, outcome.Totals.Inserted, upstream.Requests.Count));
        Assert.Contains("monthly budget", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_a_minute_outlives_its_process_and_a_place_is_free_when_the_oldest_call_is_a_minute_old()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        await Pace(() => redis).WaitAsync(Cancellation);
        _time.Advance(TimeSpan.FromSeconds(20));
        var restarted = Pace(() => redis);
        await restarted.WaitAsync(Cancellation);

        var third = restarted.WaitAsync(Cancellation);
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(third.IsCompleted);
            },
            Cancellation);

        await third;
        Assert.True(_time.GetUtcNow() >= _time.Start.AddSeconds(60));
        Assert.Equal(2, await redis.GetDatabase().SortedSetLengthAsync(CacheKeys.CallsPrefix + _source));
    }

    [Fact]
    public async Task The_limit_of_a_minute_holds_up_nothing_while_redis_is_away() =>
        await Pace(() => throw new TimeoutException("away")).WaitAsync(Cancellation);

    private UpstreamRateLimiter Pace(Func<IConnectionMultiplexer> redis) => new(_source, limit: 2, redis, _time);

    private MonthlyQuota Budget(int limit, Func<IConnectionMultiplexer> redis) => new(_source, limit, redis, _time, _logger);
}
