using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Catalogue;

/// <summary>Rendered pages in Redis, for all replicas and over restarts. Redis away or slow means rendering, never an error.</summary>
internal sealed partial class RedisPageCache(
    IConnectionMultiplexer redis,
    DataCursorCodec cursors,
    IOptions<ApiOptions> options,
    TimeProvider time,
    ApiMetrics metrics,
    ILogger<RedisPageCache> logger)
{
    // A key of some 130 bytes, which the claim has again, and what Redis itself needs for both.
    private const int EntryOverhead = 512;

    // A thousand rows, all fields.
    private const int LargePage = 512 * 1024;

    private static readonly TimeSpan WaitingInterval = TimeSpan.FromMilliseconds(5);

    private readonly ApiOptions _options = options.Value;
    private readonly Lock _gate = new();
    private long? _failedAt;
    private bool _refusesWrites;
    private long _windowStart = time.GetTimestamp();
    private long _windowBytes;

    /// <summary>
    /// The page; null where Redis does not have it or does not respond, and it is to be rendered here. Of all replicas that find it missing
    /// at once, one gets null at once; the others wait for its page, as long as its claim lasts.
    /// </summary>
    public async Task<RenderedPage?> GetOrClaimAsync(CatalogueStamp stamp, PageKey page)
    {
        var key = CreateKey(stamp, page);
        var isClaimed = ClaimAsync(key);
        if (await GetAsync(stamp, key, page.Target is not null) is { } kept)
        {
            await isClaimed;
            return kept;
        }

        if (await isClaimed)
        {
            return null;
        }

        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(WaitingInterval, time);
        while (time.GetElapsedTime(began) < _options.RenderClaim && IsUsable())
        {
            await timer.WaitForNextTickAsync();
            if (await GetAsync(stamp, key, page.Target is not null) is { } rendered)
            {
                return rendered;
            }
        }

        return null;
    }

    /// <summary>Whether this replica is to render the page; also where Redis cannot say.</summary>
    private async Task<bool> ClaimAsync(RedisKey key)
    {
        if (!IsUsable() || !HasRoom())
        {
            return true;
        }

        try
        {
            var isClaimed = await redis.GetDatabase()
                .StringSetAsync(key.Append(":claim"), RedisValue.EmptyString, _options.RenderClaim, When.NotExists)
                .MeasuredAsync("SET", time)
                .WaitAsync(_options.CacheTimeout, time);
            Succeeded(isWrite: true);
            return isClaimed;
        }
        catch (Exception exception) when (exception.IsRedisFailure() || exception is ObjectDisposedException)
        {
            Failed(exception, isWrite: true);
            return true;
        }
    }

    private async Task<RenderedPage?> GetAsync(CatalogueStamp stamp, RedisKey key, bool isWhole)
    {
        if (!IsUsable())
        {
            return null;
        }

        try
        {
            byte[]? body = await redis.GetDatabase().StringGetAsync(key).MeasuredAsync("GET", time).WaitAsync(_options.CacheTimeout, time);
            Succeeded(isWrite: false);
            return body is null ? null : RenderedPage.Deserialize(stamp, body, isWhole);
        }
        catch (Exception exception) when (exception.IsRedisFailure() || exception is ObjectDisposedException)
        {
            Failed(exception, isWrite: false);
            return null;
        }
    }

    /// <summary>Sends the page without waiting for Redis to have taken it.</summary>
    public void Put(PageKey key, RenderedPage page)
    {
        if (!IsUsable() || !IsWithinBudget(page.Bytes + EntryOverhead))
        {
            return;
        }

        try
        {
            redis.GetDatabase()
                .StringSet(CreateKey(page.Stamp, key), page.Serialize(), _options.CachedPageLifetime, flags: CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (exception.IsRedisFailure() || exception is ObjectDisposedException)
        {
            Failed(exception, isWrite: true);
        }
    }

    // Hashed: a query may be longer than its page, and Redis would be filled through keys. With the signing key's name, since pages have
    // cursors in them.
    private RedisKey CreateKey(CatalogueStamp stamp, PageKey key)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(key.ToString()));
        return $"{CacheKeys.PagePrefix}{stamp}:{cursors.Fingerprint}:{Base64Url.EncodeToString(hash)}";
    }

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

    // A replica that claims a page must be able to hand it over.
    private bool HasRoom()
    {
        lock (_gate)
        {
            return _windowBytes + LargePage <= _options.CachedPageBytes || time.GetElapsedTime(_windowStart) >= _options.CachedPageLifetime;
        }
    }

    // Every distinct query makes a page: somebody who counts through them must not fill Redis.
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

    // A Redis that refuses writes (no memory, no disk, a replica) still serves reads: a read that succeeds does not end the outage.
    private void Succeeded(bool isWrite)
    {
        lock (_gate)
        {
            if (_failedAt is null || (_refusesWrites && !isWrite))
            {
                return;
            }

            (_failedAt, _refusesWrites) = (null, false);
        }

        Log.Back(logger);
    }

    private void Failed(Exception exception, bool isWrite)
    {
        metrics.CacheFailed();
        bool isFirst;
        lock (_gate)
        {
            isFirst = _failedAt is null;
            _failedAt = time.GetTimestamp();
            _refusesWrites |= isWrite && (exception is RedisServerException or RedisCommandException);
        }

        // Once an outage: each request would say the same.
        if (isFirst)
        {
            Log.Away(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "Redis does not respond ({Reason}): pages come from this process and from Postgres")]
        public static partial void Away(ILogger logger, string reason);

        [LoggerMessage(Level = LogLevel.Information, Message = "Redis responds again")]
        public static partial void Back(ILogger logger);
    }
}
