using System.Security.Cryptography;
using System.Text;

namespace Kasparro.Catalogue;

/// <summary>The formats of platforms' addresses: the column <c>address</c> of <c>platforms.json</c>.</summary>
public static class AddressRule
{
    /// <summary><c>0x</c> and 40 hexadecimal digits; in mixed case they must have EIP-55's checksum.</summary>
    public const string Evm = "evm";

    /// <summary>As <see cref="Evm"/>, but with any checksum: that of Rootstock (EIP-1191) differs.</summary>
    public const string EvmUnchecked = "evm_unchecked";

    /// <summary>As <see cref="Evm"/>, or the chain's native form, which does not begin with <c>0x</c>.</summary>
    public const string EvmOrNative = "evm_or_native";

    /// <summary>As <see cref="Evm"/>, also with <c>xdc</c> in place of <c>0x</c>.</summary>
    public const string Xdc = "xdc";

    /// <summary>32 bytes in Base58.</summary>
    public const string Solana = "solana";

    /// <summary>25 bytes in Base58Check, the first of which is 0x41, or the number of a TRC-10 token.</summary>
    public const string Tron = "tron";

    /// <summary>A decimal number.</summary>
    public const string Digits = "digits";

    /// <summary>Three decimal numbers with dots between them.</summary>
    public const string Hedera = "hedera";

    /// <summary>Any text.</summary>
    public const string Any = "any";

    private const int EvmLength = 42;
    private const int SolanaBytes = 32;
    private const int TronBytes = 25;
    private const byte TronPrefix = 0x41;
    private const int ChecksumBytes = 4;

    /// <summary>Explains why an address is invalid, or null if it is valid.</summary>
    /// <param name="rule">One of the rules above.</param>
    /// <param name="address">The address, without surrounding white space.</param>
    public static string? FindError(string rule, string address) => rule switch
    {
        Evm => FindEvm(address, hasChecksum: true),
        EvmUnchecked => FindEvm(address, hasChecksum: false),
        EvmOrNative when address.StartsWith("0x", StringComparison.OrdinalIgnoreCase) => FindEvm(address, hasChecksum: true),
        EvmOrNative => address.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_' or ':')
            ? null
            : "must be 0x and 40 hexadecimal digits, or an address in the chain's native form",
        Xdc => FindEvm(address.StartsWith("xdc", StringComparison.OrdinalIgnoreCase) ? $"0x{address[3..]}" : address, hasChecksum: false),
        Solana => Base58.Decode(address) is { Length: SolanaBytes } ? null : "must be 32 bytes in Base58",
        Tron => FindTron(address),
        Digits => address.Length is > 0 and <= 20 && address.All(char.IsAsciiDigit) ? null : "must be a decimal number",
        Hedera => address.Split('.') is { Length: 3 } parts
            && Array.TrueForAll(parts, part => part.Length is > 0 and <= 19 && part.All(char.IsAsciiDigit))
            ? null
            : "must be three decimal numbers with dots between them",
        _ => address.Length > 0 && !address.Any(char.IsControl) ? null : "must be printable characters",
    };

    /// <summary>Whether a rule covers only addresses of EVM networks.</summary>
    public static bool IsOfAnyEvm(string rule) => rule is Evm or EvmUnchecked or Xdc;

    /// <summary>Formats an EVM address with EIP-55's checksum, in mixed case.</summary>
    /// <param name="address"><c>0x</c> and 40 hexadecimal digits in any case.</param>
    public static string ToChecksum(string address)
    {
        var digits = address[2..].ToLowerInvariant();
        Span<byte> hash = stackalloc byte[Keccak256.HashLength];
        Keccak256.HashData(Encoding.ASCII.GetBytes(digits), hash);
        var text = new StringBuilder("0x", EvmLength);
        for (var index = 0; index < digits.Length; index++)
        {
            var nibble = index % 2 == 0 ? hash[index / 2] >> 4 : hash[index / 2] & 0x0F;
            text.Append(nibble >= 8 ? char.ToUpperInvariant(digits[index]) : digits[index]);
        }

        return text.ToString();
    }

    private static string? FindEvm(string address, bool hasChecksum)
    {
        if (!TokenContract.IsEvm(address))
        {
            return "must be 0x and 40 hexadecimal digits";
        }

        // Addresses in a single case have no checksum.
        var digits = address.AsSpan(2);
        var isMixed = digits.ContainsAnyInRange('A', 'F') && digits.ContainsAnyInRange('a', 'f');
        return hasChecksum && isMixed && ToChecksum(address)[2..] != address[2..] ? "has a wrong checksum (EIP-55)" : null;
    }

    private static string? FindTron(string address)
    {
        if (address.Length == 7 && address.All(char.IsAsciiDigit))
        {
            return null;
        }

        if (Base58.Decode(address) is not { Length: TronBytes } bytes || bytes[0] != TronPrefix)
        {
            return "must be 25 bytes in Base58 that begin with T, or the number of a TRC-10 token";
        }

        var checksum = SHA256.HashData(SHA256.HashData(bytes.AsSpan(0, TronBytes - ChecksumBytes)));
        return bytes.AsSpan(TronBytes - ChecksumBytes).SequenceEqual(checksum.AsSpan(0, ChecksumBytes))
            ? null
            : "has a wrong checksum (Base58Check)";
    }
}
