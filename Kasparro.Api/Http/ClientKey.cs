using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kasparro.Api.Http;

/// <summary>Who is counted as one client: an operator by the key, anybody else by the address.</summary>
/// <param name="OperatorKey">The name of the operator's key; null for everybody else.</param>
/// <param name="Network">An IPv4 address, or the upper half of an IPv6 address: providers hand those out whole.</param>
/// <param name="IsIPv4">Which of the two.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ClientKey(string? OperatorKey, ulong Network, bool IsIPv4)
{
    public static ClientKey From(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily is AddressFamily.InterNetwork ? new(null, BinaryPrimitives.ReadUInt32BigEndian(bytes), true)
            : address.IsIPv4MappedToIPv6 ? new(null, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), true)
            : new(null, BinaryPrimitives.ReadUInt64BigEndian(bytes), false);
    }

    /// <summary>As it stands in Redis keys.</summary>
    public override string ToString() =>
        OperatorKey ?? string.Create(CultureInfo.InvariantCulture, $"{(IsIPv4 ? "4" : "6")}:{Network:x}");
}
