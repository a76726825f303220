using System.Buffers;

namespace Kasparro.Catalogue;

/// <summary>A token's contract. An address means nothing without its platform.</summary>
/// <param name="Platform">CoinGecko's platform id, from whichever source (<see cref="PlatformMap"/>).</param>
/// <param name="Address">The address; in lower case for EVM platforms.</param>
public readonly record struct TokenContract(string Platform, string Address)
{
    private const int EvmLength = 42;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789ABCDEFabcdef");

    /// <summary>Creates a contract from a source's data, or null if it names none: 142 of CoinGecko's addresses are blank.</summary>
    /// <param name="platform">The mapped platform.</param>
    /// <param name="address">The address as sent.</param>
    public static TokenContract? From(string platform, string? address)
    {
        var trimmed = address?.Trim();
        if (string.IsNullOrEmpty(trimmed) || platform.Length == 0)
        {
            return null;
        }

        return new(platform, IsEvm(trimmed) ? trimmed.ToLowerInvariant() : trimmed);
    }

    /// <summary>
    /// Only EVM addresses may be written in any case (EIP-55 uses it as a checksum); for others, case is part of the address.
    /// </summary>
    internal static bool IsEvm(string address) =>
        address.Length == EvmLength && address.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && !address.AsSpan(2).ContainsAnyExcept(HexDigits);
}
