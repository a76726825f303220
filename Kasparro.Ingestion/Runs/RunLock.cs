using Kasparro.ServiceDefaults.Redis;
using Medallion.Threading.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kasparro.Ingestion.Runs;

/// <summary>The lock in Redis that allows one ingestion at a time across all workers and commands.</summary>
internal sealed partial class RunLock(
    IConnectionMultiplexer redis, IOptions<IngestionOptions> options, TimeProvider time, ILogger<RunLock> logger)
{
    /// <summary>The key that signals that a command is waiting for the lock; it expires on its own.</summary>
    private const string Asked = $"{CacheKeys.IngestionLock}:asked";

    private static readonly TimeSpan AskedExpiry = TimeSpan.FromSeconds(5);

    /// <summary>How long a release may take. A lock that is not released expires on its own.</summary>
    private static readonly TimeSpan ReleaseTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Takes the lock; returns null while another process holds it.</summary>
    /// <exception cref="RunLockUnavailableException">Redis is unavailable or refuses writes.</exception>
    public async Task<HeldRunLock?> TryAcquireAsync(CancellationToken cancellationToken)
    {
        try
        {
            var database = redis.GetDatabase();
            var runLock =
                new RedisDistributedLock(CacheKeys.IngestionLock, database, lockOptions => lockOptions.Expiry(options.Value.LockExpiry));
            if (await runLock.TryAcquireAsync(TimeSpan.Zero, cancellationToken) is { } handle)
            {
                return new(handle, this);
            }

            // The lock is also not acquired while Redis is unavailable; the ping then throws.
            await database.PingAsync().WaitAsync(cancellationToken);
            return null;
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            throw new RunLockUnavailableException(e);
        }
    }

    /// <summary>Asks the process that holds the lock for deferrable work to release it.</summary>
    public async Task AskForAsync()
    {
        try
        {
            await redis.GetDatabase().StringSetAsync(Asked, "1", AskedExpiry);
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            throw new RunLockUnavailableException(e);
        }
    }

    /// <summary>Whether a command is waiting for the lock; false while Redis is unavailable.</summary>
    public async Task<bool> IsAskedForAsync()
    {
        try
        {
            return await redis.GetDatabase().KeyExistsAsync(Asked);
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            return false;
        }
    }

    private async Task ReleaseAsync(RedisDistributedLockHandle handle)
    {
        try
        {
            await handle.DisposeAsync().AsTask().WaitAsync(ReleaseTimeout, time);
        }
        catch (Exception e) when (e.IsRedisFailure())
        {
            Log.NotReleased(logger, options.Value.LockExpiry, e.Message);
        }
    }

    /// <summary>The held lock; disposing it releases it.</summary>
    internal sealed class HeldRunLock(RedisDistributedLockHandle handle, RunLock owner) : IAsyncDisposable
    {
        /// <summary>Cancelled when the lock is lost: it could not be extended in time, or it was deleted.</summary>
        public CancellationToken LostToken => handle.HandleLostToken;

        public async ValueTask DisposeAsync() => await owner.ReleaseAsync(handle);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The run lock could not be released and expires within {Expiry}: {Reason}")]
        public static partial void NotReleased(ILogger logger, TimeSpan expiry, string reason);
    }
}

/// <summary>Redis, which holds the run lock, is unavailable or refuses writes.</summary>
internal sealed class RunLockUnavailableException(Exception inner)
    : Exception($"Redis does not grant the run lock: {inner.GetBaseException().Message}", inner);
