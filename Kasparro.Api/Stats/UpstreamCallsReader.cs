using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Stats;

/// <summary>Reads from Redis how many calls the worker may still send; nothing else in <c>/stats</c> depends on it.</summary>
internal sealed class UpstreamCallsReader(IConnectionMultiplexer redis, IOptions<ApiOptions> options, TimeProvider time)
{
    private static readonly string[] Upstreams = [SourceNames.CoinPaprika, SourceNames.CoinGecko];

    /// <summary>By upstream; null while Redis does not answer.</summary>
    public async Task<IReadOnlyDictionary<string, UpstreamCalls>?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var calls = await Task.WhenAll(Upstreams.Select(QueryAsync)).WaitAsync(options.Value.CacheTimeout, time, cancellationToken);
            return Upstreams.Zip(calls).ToDictionary(upstream => upstream.First, upstream => upstream.Second, StringComparer.Ordinal);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return null;
        }
    }

    private async Task<UpstreamCalls> QueryAsync(string source)
    {
        var (database, now) = (redis.GetDatabase(), time.GetUtcNow());
        var limits = database.HashGetAsync(CacheKeys.LimitsPrefix + source, [CacheKeys.MinuteLimit, CacheKeys.MonthLimit]).MeasuredAsync("HMGET", time);
        var month = database.StringGetAsync(CacheKeys.Budget(source, now)).MeasuredAsync("GET", time);
        var minute = database.SortedSetLengthAsync(
            CacheKeys.CallsPrefix + source, (now - CacheKeys.CallWindow).ToUnixTimeMilliseconds(), double.PositiveInfinity, Exclude.Start)
            .MeasuredAsync("ZCOUNT", time);
        await Task.WhenAll(limits, month, minute);
        var (perMinute, perMonth) = ((long?)(await limits)[0], (long?)(await limits)[1]);
        return new UpstreamCalls(
            perMinute, Left(perMinute, await minute), perMonth, Left(perMonth, (long?)await month ?? 0));
    }

    private static long? Left(long? limit, long used) => limit is { } calls ? Math.Max(0, calls - used) : null;
}
