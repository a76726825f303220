using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Health;

/// <summary>
/// A check that any number of requests share: one runs at a time, and at most <see cref="MaxPerSecond"/> begin per second. The rate limit
/// does not apply to the health routes, so their cost must be limited here.
/// </summary>
internal sealed class SharedHealthCheck<T>(T check, TimeProvider time, IOptions<ApiOptions> options) : IHealthCheck
    where T : IHealthCheck
{
    /// <summary>The maximum number of checks that begin per second; requests beyond it get the last result.</summary>
    public const int MaxPerSecond = 5;

    private readonly Lock _gate = new();
    private Task<HealthCheckResult>? _last;
    private long _secondStart;
    private int _begun;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_last is null || (_last.IsCompleted && MayBegin()))
            {
                // Task.Run, since no part of the check may run under the lock. CancellationToken.None, since the request that started the
                // check may be cancelled while others still wait for the result.
                _last = Task.Run(() => RunAsync(context), CancellationToken.None);
            }

            return _last.WaitAsync(cancellationToken);
        }
    }

    private bool MayBegin()
    {
        if (_begun == 0 || time.GetElapsedTime(_secondStart) >= TimeSpan.FromSeconds(1))
        {
            (_secondStart, _begun) = (time.GetTimestamp(), 0);
        }

        return ++_begun <= MaxPerSecond;
    }

    private async Task<HealthCheckResult> RunAsync(HealthCheckContext context)
    {
        using var timeout = new CancellationTokenSource(options.Value.HealthTimeout, time);
        try
        {
            // Not awaited beyond the timeout: on a dead connection Npgsql takes a while to cancel, and the Redis client checks its own
            // timeout only once per second.
            return await check.CheckHealthAsync(context, timeout.Token).WaitAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
