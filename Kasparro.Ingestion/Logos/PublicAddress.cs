using System.Net;
using System.Net.Sockets;

namespace Kasparro.Ingestion.Logos;

/// <summary>
/// Connects to public addresses only. Otherwise, a listed host whose name resolves to an address in this service's network would give
/// access to internal endpoints.
/// </summary>
internal static class PublicAddress
{
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");

    /// <summary>The IPv6 prefix of IPv4 addresses in IPv6-only networks (NAT64).</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>IANA's special-purpose addresses.</summary>
    private static readonly IPNetwork[] Special =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(network => IPNetwork.Parse(network)),
    ];

    /// <summary>Whether an address belongs to the public internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6 || Translated.Contains(address))
        {
            address = new(address.GetAddressBytes().AsSpan(12));
        }

        return (address.AddressFamily is AddressFamily.InterNetwork || Global.Contains(address))
            && !Array.Exists(Special, network => network.Contains(address));
    }

    /// <summary>Connects to a host. Its name is resolved here, so that the addresses checked are the addresses used.</summary>
    /// <exception cref="LogoRefusedException">The host has no public address.</exception>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);

        // If the host is not the request's, it is the proxy from this service's own settings, which resolves names itself.
        var isProxy = !string.Equals(host, context.InitialRequestMessage.RequestUri?.IdnHost, StringComparison.OrdinalIgnoreCase);
        var usable = isProxy ? addresses : Array.FindAll(addresses, IsPublic);
        if (usable.Length == 0)
        {
            throw new LogoRefusedException($"{host} has no public address.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(usable, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
