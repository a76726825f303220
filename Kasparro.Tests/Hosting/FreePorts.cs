using System.Net;
using System.Net.Sockets;

namespace Kasparro.Tests.Hosting;

/// <summary>Ports for processes that cannot choose their own.</summary>
internal static class FreePorts
{
    private static readonly Lock Gate = new();
    private static int _last = Random.Shared.Next(32_100, 32_500);

    /// <summary>
    /// Gets the next port that is not in use. Ports are assigned consecutively, below those that the system assigns: until its process
    /// listens, and while it restarts, no connection and no other process of these tests gets the same port.
    /// </summary>
    public static int Next()
    {
        lock (Gate)
        {
            while (true)
            {
                try
                {
                    using var listener = new TcpListener(IPAddress.Loopback, ++_last);
                    listener.Start();
                    return _last;
                }
                catch (SocketException)
                {
                    // The port is in use.
                }
            }
        }
    }
}
