using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class UpstreamLimitTests(BackingServices services)
{
    private readonly string _source = $"test-{Guid.NewGuid():N}";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 12, 31, 23, 59, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_quota_outlives_its_worker_and_ends_with_a_reason()
    {
        await using var catalogue = await CreateCatalogueAsync();
        await Quota(3, catalogue).SpendAsync(Cancellation);
        await Quota(3, catalogue).SpendAsync(Cancellation);
        var last = Quota(3, catalogue);
        Assert.Null(last.Left);
        await last.SpendAsync(Cancellation);

        var refused = await Assert.ThrowsAsync<SourceException>(() => last.SpendAsync(Cancellation));

        Assert.Contains("3 calls", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2027-01-01", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, last.Left);
        Assert.Equal(3, await CallsAsync(catalogue)); // Refused calls are not sent, so they do not count.
    }

    [Fact]
    public async Task A_quota_starts_again_with_the_month()
    {
        await using var catalogue = await CreateCatalogueAsync();
        var quota = Quota(1, catalogue);
        await quota.SpendAsync(Cancellation);
        await Assert.ThrowsAsync<SourceException>(() => quota.SpendAsync(Cancellation));

        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(quota.Left);
        await quota.SpendAsync(Cancellation);
    }

    [Fact]
    public async Task Workers_that_spend_at_once_stay_within_the_quota()
    {
        await using var catalogue = await CreateCatalogueAsync();

        var spent = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await Quota(7, catalogue).SpendAsync(Cancellation);
                return 1;
            }
            catch (SourceException)
            {
                return 0;
            }
        }));

        Assert.Equal((7, 7), (spent.Sum(), await CallsAsync(catalogue)));
    }

    [Fact]
    public async Task A_quota_that_was_lowered_below_what_is_spent_is_used_up()
    {
        await using var catalogue = await CreateCatalogueAsync();
        await Quota(3, catalogue).SpendAsync(Cancellation);
        await Quota(3, catalogue).SpendAsync(Cancellation);

        await Assert.ThrowsAsync<SourceException>(() => Quota(1, catalogue).SpendAsync(Cancellation));

        await Quota(3, catalogue).SpendAsync(Cancellation);
    }

    [Fact]
    public async Task A_run_ends_at_once_when_the_quota_is_used_up()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: 5);
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Upstreams:Kind", "live"), ("Sources:CoinGecko:MonthlyCallBudget", "2"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Failed, 10, 2), (outcome.Status, outcome.Totals.Inserted, upstream.Requests.Count));
        Assert.Contains("monthly quota", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_of_a_minute_outlives_its_process_and_a_place_is_free_when_the_oldest_call_is_a_minute_old()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        await Limiter(() => redis).WaitAsync(Cancellation);
        var restarted = Limiter(() => redis);
        await restarted.WaitAsync(Cancellation);
        var third = restarted.WaitAsync(Cancellation);
        await AgeAsync(redis, TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(third.IsCompleted);

        await AgeAsync(redis, TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(third.IsCompleted);
            },
            Cancellation);

        await third;
        Assert.Equal(1, await redis.GetDatabase().SortedSetLengthAsync(CacheKeys.CallsPrefix + _source));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    [InlineData(126_230_400)]
    public async Task The_limit_of_a_minute_holds_between_workers_whose_clocks_differ(int seconds)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        await Limiter(() => redis).WaitAsync(Cancellation);
        var other = new FakeTimeProvider(_time.GetUtcNow().AddSeconds(seconds));
        var limiter = new UpstreamRateLimiter(_source, limit: 2, () => redis, other);
        await limiter.WaitAsync(Cancellation);

        var third = limiter.WaitAsync(Cancellation);
        Assert.False(third.IsCompleted);
        await AgeAsync(redis, TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            () =>
            {
                other.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(third.IsCompleted);
            },
            Cancellation);
        await third;
    }

    [Fact]
    public async Task Calls_that_lie_ahead_of_the_servers_clock_count_for_a_minute_and_no_longer()
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);
        await Limiter(() => redis).WaitAsync(Cancellation);
        await Limiter(() => redis).WaitAsync(Cancellation);
        await AgeAsync(redis, TimeSpan.FromDays(-365));
        var third = Limiter(() => redis).WaitAsync(Cancellation);
        Assert.False(third.IsCompleted);

        await Eventually.TrueAsync(
            async () => (await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync(CacheKeys.CallsPrefix + _source))
                .All(call => call.Score <= DateTimeOffset.UtcNow.AddSeconds(5).ToUnixTimeMilliseconds()),
            Cancellation);
        await AgeAsync(redis, TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(third.IsCompleted);
            },
            Cancellation);
        await third;
    }

    [Fact]
    public async Task The_limit_of_a_minute_holds_up_nothing_while_redis_is_away() =>
        await Limiter(() => throw new TimeoutException("away")).WaitAsync(Cancellation);

    /// <summary>Makes the calls of the last minute older.</summary>
    private async Task AgeAsync(IConnectionMultiplexer redis, TimeSpan by)
    {
        var calls = redis.GetDatabase();
        foreach (var call in await calls.SortedSetRangeByRankAsync(CacheKeys.CallsPrefix + _source))
        {
            await calls.SortedSetDecrementAsync(CacheKeys.CallsPrefix + _source, call, by.TotalMilliseconds);
        }
    }

    private UpstreamRateLimiter Limiter(Func<IConnectionMultiplexer> redis) => new(_source, limit: 2, redis, _time);

    private MonthlyQuota Quota(int limit, NpgsqlDataSource catalogue) => new(_source, limit, () => catalogue, _time);

    private async Task<NpgsqlDataSource> CreateCatalogueAsync() =>
        NpgsqlDataSource.Create(await services.CreateDatabaseAsync(Cancellation));

    private static Task<int> CallsAsync(NpgsqlDataSource catalogue) =>
        catalogue.ScalarAsync<int>("SELECT calls FROM upstream_quotas", Cancellation);
}
