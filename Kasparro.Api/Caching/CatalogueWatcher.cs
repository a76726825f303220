using System.Globalization;
using Kasparro.Api.Errors;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Caching;

/// <summary>Keeps <see cref="CatalogueVersion"/> moving: listens to the worker's announcements, and looks into Postgres by the clock.</summary>
internal sealed partial class CatalogueWatcher(
    CatalogueVersion version,
    IConnectionMultiplexer redis,
    IOptions<ApiOptions> options,
    TimeProvider time,
    ILogger<CatalogueWatcher> logger) : BackgroundService
{
    private bool _isSubscribed;
    private bool _isAway;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.VersionCheckInterval, time);
        do
        {
            await CheckAsync(stoppingToken);
            await SubscribeAsync();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await version.CheckAsync(cancellationToken);
            if (_isAway)
            {
                _isAway = false;
                Log.DatabaseBack(logger);
            }
        }
        catch (CatalogueUnavailableException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Once an outage: the next thousand checks would say the same.
            if (!_isAway)
            {
                _isAway = true;
                Log.DatabaseAway(logger, exception.Message, options.Value.MaxStaleness);
            }
        }
    }

    // Once: the client subscribes again by itself after each reconnection.
    private async Task SubscribeAsync()
    {
        if (_isSubscribed || !redis.IsConnected)
        {
            return;
        }

        try
        {
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(CacheKeys.CatalogueChannel), OnAnnounced);
            _isSubscribed = true;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.NotSubscribed(logger, exception.Message);
        }
    }

    private void OnAnnounced(RedisChannel channel, RedisValue message)
    {
        if (long.TryParse(message.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var announced))
        {
            version.Announce(announced);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres does not answer ({Reason}): rendered pages are served for {MaxStaleness} more, then 503")]
        public static partial void DatabaseAway(ILogger logger, string reason, TimeSpan maxStaleness);

        [LoggerMessage(Level = LogLevel.Information, Message = "Postgres answers again")]
        public static partial void DatabaseBack(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No announcements of new versions yet ({Reason}): they are noticed by the clock")]
        public static partial void NotSubscribed(ILogger logger, string reason);
    }
}
