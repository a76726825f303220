using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Http;

/// <summary>Adds up the counts of the replicas in Redis, in batches. While Redis is unavailable, each replica uses its own count.</summary>
internal sealed class RateLimitSync(RateLimiter limiter, IConnectionMultiplexer redis, IOptions<RateLimitOptions> options,
    TimeProvider time)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.Value.SharingInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (redis.IsConnected)
            {
                await ShareAsync(limiter.Window);
            }
        }
    }

    private Task ShareAsync(RateWindow window)
    {
        var database = redis.GetDatabase();
        return ShareAsync(window, (client, told) =>
        {
            RedisKey key = CacheKeys.Rate(window.Number, client.ToString());
            var total = database.StringIncrementAsync(key, told).MeasuredAsync("INCRBY", time);
            _ = database.KeyExpireAsync(key, options.Value.Window * 2, CommandFlags.FireAndForget);
            return total;
        });
    }

    /// <summary>Shares the clients' counts; a count that cannot be shared is left for the next time.</summary>
    /// <param name="window">The window whose clients are shared.</param>
    /// <param name="add">Adds to a client's total and returns the new total.</param>
    internal static Task ShareAsync(RateWindow window, Func<ClientKey, long, Task<long>> add)
    {
        return Task.WhenAll(window.Clients.Select(client => ShareOneAsync(client.Key, client.Value, client.Value.Unshared)));

        async Task ShareOneAsync(ClientKey client, ClientCount count, long told)
        {
            try
            {
                if (told > 0)
                {
                    count.Share(told, await add(client, told));
                }
            }
            catch (Exception)
            {
                // Catches every exception: one that escapes from here would stop the whole service. RedisPageCache and
                // CatalogueVersionPoller log the outage. Each client is handled separately, so that one failure does not cause the others'
                // counts to be sent twice.
            }
        }
    }
}
