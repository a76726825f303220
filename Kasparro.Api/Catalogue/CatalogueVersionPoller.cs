using System.Globalization;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using StackExchange.Redis;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Keeps <see cref="CatalogueVersionTracker"/> up to date: listens to the worker's announcements, and reads Postgres at a fixed interval.
/// </summary>
internal sealed partial class CatalogueVersionPoller(
    CatalogueVersionTracker version,
    MemoryPageCache pages,
    DataCursorCodec cursors,
    IConnectionMultiplexer redis,
    IOptions<ApiOptions> options,
    TimeProvider time,
    ApiMetrics metrics,
    ILogger<CatalogueVersionPoller> logger) : BackgroundService
{
    private bool _isSubscribed;
    private bool _isConnected = true;
    private bool _isAway;
    private string? _signingKey;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.ObserveVersion(() => version.Current?.Version);
        using var timer = new PeriodicTimer(options.Value.VersionCheckInterval, time);
        do
        {
            await CheckAsync(stoppingToken);
            await ListenAsync();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            // One uninformative trace per second would hide the useful ones.
            using (SuppressInstrumentationScope.Begin())
            {
                await version.CheckAsync(cancellationToken);
            }

            ForgetPagesOfAnotherKey();
            if (_isAway)
            {
                _isAway = false;
                Log.DatabaseBack(logger);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Catches every exception: one that escapes from here would stop the whole service. Logs once per outage: the next thousand
            // checks would log the same.
            if (!_isAway)
            {
                _isAway = true;
                Log.DatabaseAway(logger, exception.Message, options.Value.MaxStaleness);
            }
        }
    }

    // Links in pages of another key contain cursors that would be rejected.
    private void ForgetPagesOfAnotherKey()
    {
        if (_signingKey is not null && _signingKey != cursors.Fingerprint)
        {
            pages.Clear();
        }

        _signingKey = cursors.Fingerprint;
    }

    private async Task ListenAsync()
    {
        if (redis.IsConnected != _isConnected)
        {
            _isConnected = !_isConnected;
            if (_isConnected)
            {
                Log.Listening(logger);
            }
            else
            {
                Log.NotListening(logger, options.Value.VersionCheckInterval);
            }
        }

        if (_isSubscribed || !_isConnected)
        {
            return;
        }

        try
        {
            // Once is enough: the client resubscribes automatically after each reconnection.
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(CacheKeys.CatalogueChannel), OnAnnounced);
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(CacheKeys.ClearChannel), (_, _) => pages.Clear());
            _isSubscribed = true;
        }
        catch (Exception exception)
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
        [LoggerMessage(Level = LogLevel.Warning, Message = "Postgres does not respond ({Reason}): rendered pages are served for " +
            "{MaxStaleness} more, then 503")]
        public static partial void DatabaseAway(ILogger logger, string reason, TimeSpan maxStaleness);

        [LoggerMessage(Level = LogLevel.Information, Message = "Postgres responds again")]
        public static partial void DatabaseBack(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Redis is not connected: new versions are noticed every {Interval} instead of " +
            "at once")]
        public static partial void NotListening(ILogger logger, TimeSpan interval);

        [LoggerMessage(Level = LogLevel.Information, Message = "Redis is connected: new versions are noticed at once")]
        public static partial void Listening(ILogger logger);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Announcements of new versions cannot be subscribed to ({Reason}); trying again")]
        public static partial void NotSubscribed(ILogger logger, string reason);
    }
}
