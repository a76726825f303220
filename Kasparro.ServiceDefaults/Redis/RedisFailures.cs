using StackExchange.Redis;

namespace Kasparro.ServiceDefaults.Redis;

/// <summary>Tells failures of Redis from defects.</summary>
public static class RedisFailures
{
    /// <summary>
    /// Whether Redis is away, too slow, or refuses a command: <c>MISCONF</c>, <c>OOM</c>, <c>READONLY</c> and <c>NOPERM</c> come from the
    /// server, and <see cref="RedisCommandException"/> ("Command cannot be issued to a replica") from the client, which does not derive it
    /// from <see cref="RedisException"/>. Where several servers were asked, all of them failed so.
    /// </summary>
    public static bool IsRedisFailure(this Exception exception) => exception switch
    {
        RedisException or RedisCommandException or TimeoutException => true,
        AggregateException { InnerExceptions: { Count: > 0 } inner } => inner.All(IsRedisFailure),
        _ => false,
    };
}
