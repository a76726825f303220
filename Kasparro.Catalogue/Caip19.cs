using System.Collections.Frozen;

namespace Kasparro.Catalogue;

/// <summary>Creates CAIP-19 ids of assets.</summary>
public static class Caip19
{
    private const int MaxReferenceLength = 128;

    private static readonly FrozenDictionary<string, string[]> ByNativeCoin = PlatformMap.All
        .Where(platform => platform is { Caip2: not null, NativeCoin: not null, Slip44: not null })
        .GroupBy(platform => platform.NativeCoin!, StringComparer.Ordinal)
        .ToFrozenDictionary(coin => coin.Key, coin => coin.Select(platform => $"{platform.Caip2}/slip44:{platform.Slip44}").ToArray(),
            StringComparer.Ordinal);

    /// <summary>Gets the ids of those coins that are native coins of chains.</summary>
    /// <param name="coinGeckoIds">CoinGecko's ids.</param>
    public static IEnumerable<string> NativeCoins(IEnumerable<string> coinGeckoIds) =>
        coinGeckoIds.SelectMany(id => ByNativeCoin.GetValueOrDefault(id, []));

    /// <summary>Gets the id of a contract; null if its platform has none, or if the address is not valid for one.</summary>
    /// <param name="platform">The platform as contracts name it.</param>
    /// <param name="address">The address.</param>
    /// <param name="chainId">The platform's chain id (EIP-155) according to an upstream, which is used if the platform map lacks the
    /// platform.</param>
    public static string? From(string platform, string address, long? chainId = null)
    {
        if (PlatformMap.Find(platform) is not { } entry || entry.Key != platform)
        {
            return chainId is { } id && AddressRule.FindError(AddressRule.Evm, address) is null ? $"eip155:{id}/erc20:{address}" : null;
        }

        if (entry is not { Caip2: { } chain, TokenNamespace: { } tokens })
        {
            return null;
        }

        var reference = entry.Address == AddressRule.Xdc && address.StartsWith("xdc", StringComparison.Ordinal) ? $"0x{address[3..]}"
            : address;
        var rule = tokens == "erc20" && !AddressRule.IsOfAnyEvm(entry.Address) ? AddressRule.Evm : entry.Address;
        var isReference = reference.Length <= MaxReferenceLength
            && reference.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.');
        return isReference && AddressRule.FindError(rule, reference) is null ? $"{chain}/{tokens}:{reference}" : null;
    }
}
