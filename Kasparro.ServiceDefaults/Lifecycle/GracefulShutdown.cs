using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kasparro.ServiceDefaults.Lifecycle;

/// <summary>
/// The period between the request to stop and the closing of the port, in which the service is not ready but still serves. It precedes the
/// server's stop, since a host notifies all its services before it stops the first one.
/// </summary>
internal sealed partial class GracefulShutdown(
    IOptions<GracefulShutdownOptions> options, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<GracefulShutdown> logger)
    : IHostedLifecycleService, IHealthCheck
{
    private volatile bool _hasBegun;

    /// <summary>Whether the service has been asked to stop.</summary>
    public bool HasBegun => _hasBegun || lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _hasBegun = true;
        var delay = options.Value.DrainDelay;
        if (delay > TimeSpan.Zero)
        {
            Log.Begins(logger, delay);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(HasBegun ? HealthCheckResult.Unhealthy("The service is stopping.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Stopping: not ready any more, serving for {Delay} more")]
        public static partial void Begins(ILogger logger, TimeSpan delay);
    }
}
