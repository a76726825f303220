using System.Globalization;
using Kasparro.ServiceDefaults.Telemetry;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Counts one upstream's calls of the calendar month (UTC), as its vendor does, in Redis, so that restarts and other workers count on. While
/// Redis is away it counts in the process, and adds those calls when Redis is back.
/// </summary>
internal sealed partial class MonthlyQuota(string source, int limit, Func<IConnectionMultiplexer> redis, TimeProvider time, ILogger<MonthlyQuota> logger)
{
    /// <summary>
    /// Spends one call, with those that could not be counted before, unless the budget is used up; the key dies after its month. A Redis that
    /// was restarted has forgotten what this process still knows.
    /// </summary>
    private const string SpendScript = """
        local used = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[5])) + tonumber(ARGV[2])
        if used < tonumber(ARGV[1]) then used = used + 1 else used = -used end
        redis.call('SET', KEYS[1], math.abs(used), 'EXAT', ARGV[3])
        redis.call('HSET', KEYS[2], ARGV[4], ARGV[1])
        return used
        """;

    private readonly Lock _gate = new();
    private string _month = "";
    private long _known;
    private long _uncounted;
    private bool _away;

    /// <summary>Calls a month; 0 for no limit.</summary>
    public long Limit => limit;

    /// <summary>Calls left this month, as far as this process knows; null where there is no limit, and before the month's first call.</summary>
    public long? Left
    {
        get
        {
            lock (_gate)
            {
                return limit > 0 && _month == CacheKeys.Budget(source, time.GetUtcNow()) ? Math.Max(0, limit - _known - _uncounted) : null;
            }
        }
    }

    /// <summary>Spends one call.</summary>
    /// <exception cref="SourceException">None is left this month.</exception>
    public async Task SpendAsync(CancellationToken cancellationToken)
    {
        if (limit == 0)
        {
            return;
        }

        cancellationToken.ThrowIfCancellationRequested();
        var now = time.GetUtcNow();
        var reset = new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1);
        if (!await TrySpendAsync(now, reset))
        {
            throw new SourceException(string.Create(
                CultureInfo.InvariantCulture,
                $"The monthly budget of {limit} calls to {source} is used up; it starts anew on {reset:yyyy-MM-dd} (UTC). Raise MonthlyCallBudget if the plan has more."));
        }
    }

    private async Task<bool> TrySpendAsync(DateTimeOffset now, DateTimeOffset reset)
    {
        var key = CacheKeys.Budget(source, now);
        var (known, uncounted) = TakeUncounted(key);
        try
        {
            var used = (long)await redis().GetDatabase().ScriptEvaluateAsync(
                SpendScript,
                [key, CacheKeys.LimitsPrefix + source],
                [limit, uncounted, reset.AddDays(7).ToUnixTimeSeconds(), CacheKeys.MonthLimit, known]).MeasuredAsync("EVALSHA", time);
            Remember(Math.Abs(used));
            return used > 0;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return SpendInProcess(uncounted, e);
        }
    }

    private (long Known, long Uncounted) TakeUncounted(string month)
    {
        lock (_gate)
        {
            if (_month != month)
            {
                (_month, _known, _uncounted) = (month, 0, 0);
            }

            var uncounted = _uncounted;
            _uncounted = 0;
            return (_known, uncounted);
        }
    }

    private void Remember(long used)
    {
        lock (_gate)
        {
            _known = used;
            _away = false;
        }
    }

    private bool SpendInProcess(long uncounted, Exception cause)
    {
        lock (_gate)
        {
            _uncounted += uncounted;
            if (!_away)
            {
                _away = true;
                Log.RedisAway(logger, source, cause.Message);
            }

            if (_known + _uncounted >= limit)
            {
                return false;
            }

            _uncounted++;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Calls to {Source} are counted in this process only while Redis is away: {Reason}")]
        public static partial void RedisAway(ILogger logger, string source, string reason);
    }
}
