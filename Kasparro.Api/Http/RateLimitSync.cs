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

    private async Task ShareAsync(RateWindow window)
    {
        var database = redis.GetDatabase();
        List<(ClientCount Count, long Told, Task<long> Total)> sent = [];
        try
        {
            foreach (var (client, count) in window.Clients)
            {
                if (count.Unshared is var told and > 0)
                {
                    RedisKey key = CacheKeys.Rate(window.Number, client.ToString());
                    sent.Add((count, told, database.StringIncrementAsync(key, told).MeasuredAsync("INCRBY", time)));
                    _ = database.KeyExpireAsync(key, options.Value.Window * 2, CommandFlags.FireAndForget);
                }
            }

            foreach (var (count, told, total) in sent)
            {
                count.Share(told, await total);
            }
        }
        catch (Exception)
        {
            // Of every kind: an exception that gets out of here would stop the whole service. RedisPageCache and CatalogueVersionPoller
            // tell of the outage. What was not shared is tried again.
            foreach (var (_, _, total) in sent)
            {
                _ = total.ContinueWith(static failed => failed.Exception, TaskScheduler.Default);
            }
        }
    }
}
