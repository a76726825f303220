using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kasparro.AppHost;

/// <summary>The hosts outside the graph from which the ingestion reads.</summary>
internal static class LiveUpstreams
{
    // If a firewall drops packets, a check would otherwise take minutes.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Adds the host of an upstream's URL, with a health check.</summary>
    /// <exception cref="DistributedApplicationException">The URL is not valid.</exception>
    public static IResourceBuilder<ExternalServiceResource> AddLiveUpstream(
        this IDistributedApplicationBuilder builder, string name, string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http"))
        {
            throw new DistributedApplicationException(
                $"Parameters:{name}-url is '{url}': a URL that begins with https:// or http:// is expected.");
        }

        var host = new Uri(address, "/");
        var check = $"{name}-connects";

        // Only a connection, not a request, so that the check uses none of the upstream's quota.
        builder.Services.AddHealthChecks()
            .AddAsyncCheck(check, cancellationToken => ConnectAsync(host, cancellationToken), tags: null, timeout: Limit);
        return builder.AddExternalService(name, host).WithHealthCheck(check).WithIconName("CloudArrowDown");
    }

    private static async Task<HealthCheckResult> ConnectAsync(Uri host, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(host.Host, host.Port, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (SocketException e)
        {
            return HealthCheckResult.Unhealthy($"{host.Host} cannot be reached: {e.Message}");
        }
    }
}
