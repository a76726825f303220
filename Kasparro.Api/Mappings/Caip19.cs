using System.Collections.Frozen;

namespace Kasparro.Api.Mappings;

/// <summary>Writes CAIP-19 ids of what the catalogue knows.</summary>
internal static class Caip19
{
    private static readonly FrozenDictionary<string, string[]> ByNativeCoin = PlatformMap.All
        .Where(platform => platform is { Caip2: not null, NativeCoin: not null, Slip44: not null })
        .GroupBy(platform => platform.NativeCoin!, StringComparer.Ordinal)
        .ToFrozenDictionary(coin => coin.Key, coin => coin.Select(platform => $"{platform.Caip2}/slip44:{platform.Slip44}").ToArray(),
            StringComparer.Ordinal);

    /// <summary>The ids of the chains' native coins among CoinGecko's ids.</summary>
    public static IEnumerable<string> NativeCoins(IEnumerable<string> coinGeckoIds) =>
        coinGeckoIds.SelectMany(id => ByNativeCoin.GetValueOrDefault(id, []));

    /// <summary>The id of a contract; null where its platform has none, and where the address cannot be one.</summary>
    /// <param name="contract">The contract as platform:address.</param>
    public static string? From(string contract)
    {
        var colon = contract.IndexOf(':', StringComparison.Ordinal);
        var (key, address) = (contract[..colon], contract[(colon + 1)..]);
        if (PlatformMap.Find(key) is not { Caip2: { } chain, TokenNamespace: { } tokens } platform || platform.Key != key)
        {
            return null;
        }

        var reference = platform.Address == AddressRule.Xdc && address.StartsWith("xdc", StringComparison.Ordinal)
            ? $"0x{address[3..]}"
            : address;
        var rule = tokens == "erc20" && !AddressRule.IsOfAnyEvm(platform.Address) ? AddressRule.Evm : platform.Address;
        var isReference = reference.Length <= 128
            && reference.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.');
        return isReference && AddressRule.Find(rule, reference) is null ? $"{chain}/{tokens}:{reference}" : null;
    }
}
