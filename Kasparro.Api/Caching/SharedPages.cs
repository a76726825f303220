using Kasparro.Api.Data;
using Kasparro.ServiceDefaults;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Caching;

/// <summary>Rendered pages in Redis, for all replicas and over restarts. Redis away or slow means rendering, never an error.</summary>
internal sealed partial class SharedPages(
    IConnectionMultiplexer redis,
    IOptions<ApiOptions> options,
    TimeProvider time,
    ApiMetrics metrics,
    ILogger<SharedPages> logger)
{
    private readonly ApiOptions _options = options.Value;
    private readonly Lock _gate = new();
    private long? _failedAt;
    private long _windowStart = time.GetTimestamp();
    private long _windowBytes;

    /// <summary>The page, or null where Redis does not have it or does not answer.</summary>
    public async Task<RenderedPage?> GetAsync(CatalogueStamp stamp, DataQuery query, CancellationToken cancellationToken)
    {
        if (!IsUsable())
        {
            return null;
        }

        try
        {
            var value = await redis.GetDatabase().StringGetAsync(KeyOf(stamp, query)).WaitAsync(_options.CacheTimeout, time, cancellationToken);
            Succeeded();
            byte[]? body = value;
            return body is null ? null : RenderedPage.Deserialize(stamp, body);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Failed(exception);
            return null;
        }
    }

    /// <summary>Sends the page without waiting for Redis to have taken it.</summary>
    public void Put(DataQuery query, RenderedPage page)
    {
        if (!IsUsable() || !IsWithinBudget(page.Body.Length))
        {
            return;
        }

        try
        {
            redis.GetDatabase().StringSet(KeyOf(page.Stamp, query), page.Serialize(), _options.CachedPageLifetime, flags: CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Failed(exception);
        }
    }

    private static RedisKey KeyOf(CatalogueStamp stamp, DataQuery query) => $"{CacheKeys.PagePrefix}{stamp}:{query}";

    private bool IsUsable()
    {
        lock (_gate)
        {
            if (_failedAt is { } failedAt && time.GetElapsedTime(failedAt) < _options.CacheRetryDelay)
            {
                return false;
            }
        }

        return true;
    }

    // Every distinct query makes a page, and Redis must not be filled by whoever counts through them.
    private bool IsWithinBudget(int bytes)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_windowStart) >= _options.CachedPageLifetime)
            {
                _windowStart = time.GetTimestamp();
                _windowBytes = 0;
            }

            if (_windowBytes + bytes > _options.CachedPageBytes)
            {
                return false;
            }

            _windowBytes += bytes;
            return true;
        }
    }

    private void Succeeded()
    {
        lock (_gate)
        {
            if (_failedAt is null)
            {
                return;
            }

            _failedAt = null;
        }

        Log.Back(logger);
    }

    private void Failed(Exception exception)
    {
        metrics.CacheFailed();
        bool isFirst;
        lock (_gate)
        {
            isFirst = _failedAt is null;
            _failedAt = time.GetTimestamp();
        }

        // Once an outage: each request would say the same.
        if (isFirst)
        {
            Log.Away(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not answer ({Reason}): pages come from this process and from Postgres")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Redis answers again")]
        public static partial void Back(ILogger logger);
    }
}
