using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;

namespace Kasparro.AppHost;

/// <summary>The port on this machine at which the API listens.</summary>
internal static class ApiPort
{
    private const int Default = 8000;

    /// <summary>The setting <c>Kasparro:Port</c>, or 8000.</summary>
    /// <exception cref="DistributedApplicationException">
    /// Not a port, or a port that another program listens on; the orchestrator would report it as healthy.
    /// </exception>
    public static int Choose(IDistributedApplicationBuilder builder)
    {
        int port = builder.Read<ushort>("Kasparro:Port", "a port from 1 to 65535") ?? Default;
        if (builder.ExecutionContext.IsRunMode && !builder.Configuration.GetValue<bool>("DcpPublisher:RandomizePorts") && IsTaken(port))
        {
            throw new DistributedApplicationException(
                $"port {port}, where the API is to listen, is taken by another program; Kasparro__Port=… chooses another");
        }

        return port;
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
