using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Kasparro.Api.Http;

/// <summary>Identifies a client of the rate limit: an operator by key, everybody else by address.</summary>
/// <param name="OperatorKey">The name of the operator's key, or null for everybody else.</param>
/// <param name="Network">An IPv4 address, or the upper half of an IPv6 address: providers assign whole /64 networks.</param>
/// <param name="IsIPv4">Whether <paramref name="Network"/> is an IPv4 address.</param>
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

    /// <summary>The form used in Redis keys.</summary>
    public override string ToString() =>
        OperatorKey ?? string.Create(CultureInfo.InvariantCulture, $"{(IsIPv4 ? "4" : "6")}:{Network:x}");
}
