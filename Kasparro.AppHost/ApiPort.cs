using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Kasparro.AppHost;

/// <summary>The port on this machine at which the API listens.</summary>
internal static class ApiPort
{
    private const int Default = 8000;

    /// <summary>The setting <c>Kasparro:Port</c>, or 8000.</summary>
    /// <returns>
    /// The port, and the API's own port where it listens without the orchestrator's proxy: <c>aspire start --isolated</c>, for a start next
    /// to another graph, replaces the ports of all proxied endpoints.
    /// </returns>
    /// <exception cref="DistributedApplicationException">
    /// Not a port, or a port that another program listens on; the orchestrator would report it as healthy.
    /// </exception>
    public static (int Port, int? Target) Choose(IDistributedApplicationBuilder builder)
    {
        int? given = builder.Read<ushort>("Kasparro:Port", "a port from 1 to 65535");
        var port = given ?? Default;
        var isIsolated = builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts");
        if (builder.ExecutionContext.IsRunMode && (given is not null || !isIsolated) && IsTaken(port))
        {
            throw new DistributedApplicationException(
                $"port {port}, where the API is to listen, is taken by another program; Kasparro__Port=… chooses another");
        }

        return (port, isIsolated ? given : null);
    }

    private static bool IsTaken(int port)
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
