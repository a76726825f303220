using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Keeps an upstream's calls within its limit per minute. Calls are counted in Redis and by its clock, so a restarted worker, another
/// machine or a command knows what was sent before. While Redis is unavailable, only the in-process limiter applies.
/// </summary>
internal sealed class UpstreamRateLimiter(string source, int limit, Func<IConnectionMultiplexer> redis, TimeProvider time)
{
    /// <summary>
    /// Takes a slot in the minute, or returns the milliseconds until the next one is free. Calls with a future time, after the server's
    /// clock was set back, count as sent now.
    /// </summary>
    private const string TakeScript = """
        local clock = redis.call('TIME')
        local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
        local window, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
        redis.call('HSET', KEYS[2], ARGV[4], limit)
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
        for _, call in ipairs(redis.call('ZRANGE', KEYS[1], '(' .. now, '+inf', 'BYSCORE')) do redis.call('ZADD', KEYS[1], now, call) end
        if redis.call('ZCARD', KEYS[1]) < limit then
            redis.call('ZADD', KEYS[1], now, ARGV[3])
            redis.call('PEXPIRE', KEYS[1], window)
            return 0
        end
        return math.max(1, math.ceil(tonumber(redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]) + window - now))
        """;

    /// <summary>Waits until a call may be sent, and counts it.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (await TakeAsync() is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    private async Task<TimeSpan> TakeAsync()
    {
        try
        {
            var wait = (long)await redis().GetDatabase().ScriptEvaluateAsync(
                TakeScript,
                [CacheKeys.CallsPrefix + source, CacheKeys.LimitsPrefix + source],
                [(long)CacheKeys.CallWindow.TotalMilliseconds, limit, Guid.NewGuid().ToString("N"), CacheKeys.MinuteLimit])
                .MeasuredAsync("EVALSHA", time);
            return TimeSpan.FromMilliseconds(wait);
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            return TimeSpan.Zero;
        }
    }
}
