using System.Net;
using StackExchange.Redis;

namespace Kasparro.AppHost;

/// <summary>What the dashboard can have done, besides starting and stopping.</summary>
internal static class DashboardCommands
{
    /// <summary>How "Clear hot pages" looks.</summary>
    public static CommandOptions ClearHotPages { get; } = new()
    {
        Description = "Deletes the rendered pages from Redis and from every API replica, which renders them anew.",
        IconName = "Broom",
    };

    /// <summary>"Ingest now": all sources are read, unless an ingestion is running. The worker wants the operator key.</summary>
    public static HttpCommandOptions Ingest(ParameterResource operatorKey) => new()
    {
        Description = "Reads all sources now, out of turn.",
        IconName = "ArrowDownload",
        IsHighlighted = true,
        PrepareRequest = async context =>
            context.Request.Headers.Add("X-Api-Key", await operatorKey.GetValueAsync(context.CancellationToken).ConfigureAwait(false)),
        GetCommandResult = context => Task.FromResult(context.Response.StatusCode switch
        {
            HttpStatusCode.Accepted => CommandResults.Success("The ingestion has begun."),
            HttpStatusCode.Conflict => CommandResults.Failure("An ingestion is running already."),
            var status => CommandResults.Failure($"The worker answers {(int)status} ({status})."),
        }),
    };

    /// <summary>Deletes the rendered pages that are in Redis, and tells the API's replicas to forget theirs.</summary>
    public static async Task<ExecuteCommandResult> ClearHotPagesAsync(RedisResource cache, ExecuteCommandContext context)
    {
        var cancellationToken = context.CancellationToken;
        var connectionString = await cache.ConnectionStringExpression.GetValueAsync(cancellationToken).ConfigureAwait(false);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(connectionString!).WaitAsync(cancellationToken).ConfigureAwait(false);
        var cleared = 0;
        foreach (var server in redis.GetServers())
        {
            await foreach (var key in server.KeysAsync(pattern: $"{CacheKeys.PagePrefix}*").WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                cleared += await redis.GetDatabase().KeyDeleteAsync(key).WaitAsync(cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal(CacheKeys.ClearChannel), RedisValue.EmptyString)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return CommandResults.Success(cleared == 1 ? "1 page was cleared." : $"{cleared} pages were cleared.");
    }
}
