using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kasparro.ServiceDefaults.Redis;
using Kasparro.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Caches rendered pages in Redis, shared by all replicas and kept across restarts. If Redis is unavailable or slow, pages are rendered; it
/// never causes an error.
/// </summary>
internal sealed partial class RedisPageCache(
    IConnectionMultiplexer redis,
    DataCursorCodec cursors,
    IOptions<ApiOptions> options,
    TimeProvider time,
    ApiMetrics metrics,
    ILogger<RedisPageCache> logger)
{
    // A key of about 130 bytes, again in the claim, and Redis's own overhead for both.
    private const int EntryOverhead = 512;

    // A page of a thousand rows with all fields.
    private const int LargePage = 512 * 1024;

    private static readonly TimeSpan WaitingInterval = TimeSpan.FromMilliseconds(5);

    private readonly ApiOptions _options = options.Value;
    private readonly Lock _gate = new();
    private long? _failedAt;
    private bool _refusesWrites;
    private long _windowStart = time.GetTimestamp();
    private long _windowBytes;

    /// <summary>
    /// Gets the page; null if Redis does not have it or does not respond, and it must be rendered here. Of all replicas that find it
    /// missing at the same time, one gets null immediately; the others wait for its page for as long as its claim lasts.
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

    /// <summary>Whether this replica should render the page, which is also the case if Redis does not respond.</summary>
    private async Task<bool> ClaimAsync(RedisKey key) => !IsUsable() || !HasRoom() || await TryAsync(
        database => database.StringSetAsync(key.Append(":claim"), RedisValue.EmptyString, _options.RenderClaim, When.NotExists),
        "SET", isWrite: true, otherwise: true);

    private async Task<RenderedPage?> GetAsync(CatalogueStamp stamp, RedisKey key, bool isWhole)
    {
        byte[]? body = IsUsable()
            ? await TryAsync(database => database.StringGetAsync(key), "GET", isWrite: false, otherwise: RedisValue.Null)
            : RedisValue.Null;
        return body is null ? null : RenderedPage.Deserialize(stamp, body, isWhole);
    }

    private async Task<T> TryAsync<T>(Func<IDatabase, Task<T>> call, string command, bool isWrite, T otherwise)
    {
        try
        {
            var result = await call(redis.GetDatabase()).MeasuredAsync(command, time).WaitAsync(_options.CacheTimeout, time);
            Succeeded(isWrite);
            return result;
        }
        catch (Exception exception) when (exception.IsRedisFailure() || exception is ObjectDisposedException)
        {
            Failed(exception, isWrite);
            return otherwise;
        }
    }

    /// <summary>Sends the page without waiting for Redis to confirm it.</summary>
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

    // Hashed, since a query may be longer than its page, and Redis could be filled with keys. Includes the fingerprint of the signing key,
    // since pages contain cursors.
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

    // A replica that claims a page must be able to store it.
    private bool HasRoom()
    {
        lock (_gate)
        {
            return _windowBytes + LargePage <= _options.CachedPageBytes || time.GetElapsedTime(_windowStart) >= _options.CachedPageLifetime;
        }
    }

    // Every distinct query makes a page: a client that enumerates them must not fill Redis.
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

    // A Redis that rejects writes (out of memory, disk full, a replica) still serves reads, so a successful read does not end the outage.
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

        // Logs once per outage: each request would log the same.
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
