using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Stats;

/// <summary>
/// Reads from Redis how many calls the worker may still send this minute. Nothing else in <c>/stats</c> depends on Redis.
/// </summary>
internal sealed class UpstreamCallsReader(IConnectionMultiplexer redis, IOptions<ApiOptions> options, TimeProvider time)
{
    private static readonly string[] Upstreams = [SourceNames.CoinPaprika, SourceNames.CoinGecko];

    /// <summary>Reads the calls that are left, by upstream; null if Redis does not respond.</summary>
    public async Task<IReadOnlyDictionary<string, UpstreamCalls>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var calls = await Task.WhenAll(Upstreams.Select(QueryAsync)).WaitAsync(options.Value.CacheTimeout, time, cancellationToken);
            return Upstreams.Zip(calls).ToDictionary(upstream => upstream.First, upstream => upstream.Second, StringComparer.Ordinal);
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            return null;
        }
    }

    private async Task<UpstreamCalls> QueryAsync(string source)
    {
        var (database, now) = (redis.GetDatabase(), time.GetUtcNow());
        var limit = database.HashGetAsync(CacheKeys.LimitsPrefix + source, CacheKeys.MinuteLimit).MeasuredAsync("HGET", time);
        var minute = database.SortedSetLengthAsync(
            CacheKeys.CallsPrefix + source, (now - CacheKeys.CallWindow).ToUnixTimeMilliseconds(), double.PositiveInfinity, Exclude.Start)
            .MeasuredAsync("ZCOUNT", time);
        await Task.WhenAll(limit, minute);
        var perMinute = (long?)await limit;
        return new UpstreamCalls(
            perMinute, perMinute is { } calls ? Math.Max(0, calls - await minute) : null, MonthLimit: null, LeftThisMonth: null);
    }
}
