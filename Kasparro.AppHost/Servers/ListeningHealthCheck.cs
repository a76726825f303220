using System.Net.Sockets;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kasparro.AppHost.Servers;

/// <summary>
/// A health check that first waits for the server to listen, since StackExchange.Redis takes five seconds to report that nothing listens.
/// </summary>
internal sealed class ListeningHealthCheck(IHealthCheck check, EndpointAnnotation endpoint) : IHealthCheck
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (!await ListensAsync(limit.Token))
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"nothing listens on port {endpoint.Port}");
        }

        return await check.CheckHealthAsync(context, cancellationToken);
    }

    private async Task<bool> ListensAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("localhost", endpoint.Port!.Value, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
