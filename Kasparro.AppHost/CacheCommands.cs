using StackExchange.Redis;

namespace Kasparro.AppHost;

/// <summary>The commands on Redis in the dashboard and the CLI.</summary>
internal static class CacheCommands
{
    /// <summary>Adds the command "Clear hot pages".</summary>
    public static IResourceBuilder<RedisResource> WithClearHotPagesCommand(this IResourceBuilder<RedisResource> cache) =>
        cache.WithCommand("clear-hot-pages", "Clear hot pages", context => ClearAsync(cache.Resource, context.CancellationToken), new()
        {
            Description = "Deletes the rendered pages from Redis and from every API replica, which renders them again.",
            IconName = "Broom",
        });

    private static async Task<ExecuteCommandResult> ClearAsync(RedisResource cache, CancellationToken cancellationToken)
    {
        var connectionString = await cache.ConnectionStringExpression.GetValueAsync(cancellationToken);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connectionString!).WaitAsync(cancellationToken);
        var cleared = 0;
        foreach (var server in redis.GetServers())
        {
            await foreach (var key in server.KeysAsync(pattern: $"{CacheKeys.PagePrefix}*").WithCancellation(cancellationToken))
            {
                cleared += await redis.GetDatabase().KeyDeleteAsync(key).WaitAsync(cancellationToken) ? 1 : 0;
            }
        }

        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal(CacheKeys.ClearChannel), RedisValue.EmptyString)
            .WaitAsync(cancellationToken);
        return CommandResults.Success(cleared == 1 ? "1 page was cleared." : $"{cleared} pages were cleared.");
    }
}
