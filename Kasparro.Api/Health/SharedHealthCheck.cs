using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Health;

/// <summary>
/// A check that any number of requests share: one runs at a time, and no more than <see cref="MaxPerSecond"/> a second begin. The health
/// routes are not counted by the rate limit, so that what they cost must be bounded by itself.
/// </summary>
internal sealed class SharedHealthCheck<T>(T check, TimeProvider time, IOptions<ApiOptions> options) : IHealthCheck
    where T : IHealthCheck
{
    /// <summary>Checks that begin in a second at the most; the requests beyond have the result of the last one.</summary>
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
                // Task.Run: nothing of the check may run under the lock. The first of those who wait may go; the others still want the
                // result.
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
            // Not waited for beyond the timeout: on a line that went silent Npgsql takes its time to cancel, and the client of Redis looks
            // at its own timeout once a second.
            return await check.CheckHealthAsync(context, timeout.Token).WaitAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
