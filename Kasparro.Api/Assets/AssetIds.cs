using System.ComponentModel;

namespace Kasparro.Api.Assets;

[Description("An id of an asset in one vocabulary.")]
internal sealed record AssetId(
    [property: Description(
        "kasparro, a source's name, caip19, contract (PLATFORM:ADDRESS), former (a merged asset's id), or that of a crosswalk file.")]
    string Vocabulary,
    [property: Description("The id, without the vocabulary before it.")] string Id);

[Description("A chain that an asset is on.")]
internal sealed record AssetChain(
    [property: Description("The platform, by CoinGecko's id for it, or source:id where it could not be mapped.")] string Platform,
    [property: Description("The chain id of an EVM network (EIP-155); null of other chains.")] long? ChainId,
    [property: Description("The chain as CAIP-2 writes it; null where its namespace is not registered.")] string? Caip2,
    [property: Description("Whether the asset pays the chain's fees.")] bool IsNative)
{
    /// <summary>Returns the chains of an asset, starting with those whose native coin it is.</summary>
    /// <param name="listings">The asset's listings.</param>
    /// <param name="chainIds">The chain ids of platforms that the platform map lacks.</param>
    public static IReadOnlyList<AssetChain> From(IReadOnlyList<AssetListing> listings, IReadOnlyDictionary<string, long> chainIds)
    {
        var coins = listings.Where(listing => listing.Source == SourceNames.CoinGecko)
            .Select(listing => listing.ExternalId).ToHashSet(StringComparer.Ordinal);
        var native = PlatformMap.All.Where(platform => platform.NativeCoin is { } coin && coins.Contains(coin))
            .Select(platform => new AssetChain(platform.Key, platform.ChainId, platform.Caip2, IsNative: true));
        var token = listings.SelectMany(listing => listing.Contracts)
            .Select(contract => contract.Platform).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(platform => PlatformMap.Find(platform) is { } known && known.Key == platform
                ? new AssetChain(platform, known.ChainId, known.Caip2, IsNative: false)
                : chainIds.TryGetValue(platform, out var chainId)
                    ? new AssetChain(platform, chainId, $"eip155:{chainId}", IsNative: false)
                    : new AssetChain(platform, ChainId: null, Caip2: null, IsNative: false));
        return [.. native.Concat(token).DistinctBy(chain => chain.Platform, StringComparer.Ordinal)];
    }
}

/// <summary>Collects the ids of an asset in all vocabularies.</summary>
internal static class AssetIds
{
    /// <summary>The vocabulary of our own ids.</summary>
    public const string Kasparro = "kasparro";

    /// <summary>The vocabulary CAIP-19.</summary>
    public const string Caip = "caip19";

    /// <summary>The vocabulary of contracts, as PLATFORM:ADDRESS.</summary>
    public const string Contract = "contract";

    /// <summary>The vocabulary of ids of assets that were merged into the asset.</summary>
    public const string Former = "former";

    /// <summary>Returns the ids of an asset, each once.</summary>
    /// <param name="assetId">The asset's own id.</param>
    /// <param name="listings">The asset's listings.</param>
    /// <param name="external">The asset's ids in crosswalk files.</param>
    /// <param name="former">The ids of assets that were merged into it.</param>
    /// <param name="chainIds">The chain ids of platforms that the platform map lacks.</param>
    public static IReadOnlyList<AssetId> From(
        Guid assetId,
        IReadOnlyList<AssetListing> listings,
        IReadOnlyList<AssetId> external,
        IReadOnlyList<Guid> former,
        IReadOnlyDictionary<string, long> chainIds)
    {
        var contracts = listings.SelectMany(listing => listing.Contracts).Distinct()
            .OrderBy(contract => contract.Platform, StringComparer.Ordinal).ToList();
        var native = Caip19.NativeCoins(listings.Where(listing => listing.Source == SourceNames.CoinGecko).Select(listing =>
            listing.ExternalId));
        var tokens = contracts.Select(contract => Caip19.From(contract.Platform, contract.Address, GetChainId(contract.Platform)))
            .OfType<string>();
        return
        [
            new(Kasparro, assetId.ToString()),
            .. SourceNames.All.SelectMany(source => listings.Where(listing => listing.Source == source).Select(listing =>
                new AssetId(source, listing.ExternalId))),
            .. native.Concat(tokens).Distinct(StringComparer.Ordinal).Select(id => new AssetId(Caip, id)),
            .. contracts.Select(contract => new AssetId(Contract, $"{contract.Platform}:{contract.Address}")),
            .. external,
            .. former.Select(id => new AssetId(Former, id.ToString())),
        ];

        long? GetChainId(string platform) => chainIds.TryGetValue(platform, out var chainId) ? chainId : null;
    }
}
