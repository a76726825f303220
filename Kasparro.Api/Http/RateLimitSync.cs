using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Http;

/// <summary>Adds up, in Redis and in batches, what the replicas have counted. Redis away: each replica goes by its own count.</summary>
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

    /// <summary>Shares what the clients have sent; what cannot be shared is left for the next time.</summary>
    /// <param name="window">The clients.</param>
    /// <param name="add">Adds to a client's total, and returns it.</param>
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
                // Of every kind: an exception that gets out of here would stop the whole service. RedisPageCache and CatalogueVersionPoller
                // tell of the outage. Each client by itself: one that failed must not have the others' requests sent twice.
            }
        }
    }
}
