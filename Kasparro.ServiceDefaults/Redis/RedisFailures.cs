using StackExchange.Redis;

namespace Kasparro.ServiceDefaults.Redis;

/// <summary>Distinguishes failures of Redis from bugs.</summary>
public static class RedisFailures
{
    /// <summary>
    /// Whether Redis is unavailable, too slow, or refuses a command: <c>MISCONF</c>, <c>OOM</c>, <c>READONLY</c> and <c>NOPERM</c> come
    /// from the server, and <see cref="RedisCommandException"/> ("Command cannot be issued to a replica"), which is not derived from
    /// <see cref="RedisException"/>, from the client. If several servers were called, all must have failed like this.
    /// </summary>
    public static bool IsRedisFailure(this Exception exception) => exception switch
    {
        RedisException or RedisCommandException or TimeoutException => true,
        AggregateException { InnerExceptions: { Count: > 0 } inner } => inner.All(IsRedisFailure),
        _ => false,
    };
}
