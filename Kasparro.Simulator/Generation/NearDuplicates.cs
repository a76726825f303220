namespace Kasparro.Simulator.Generation;

/// <summary>
/// Different assets that look like one, and evidence that looks like proof. Each case can be decided: by contracts that agree or contradict
/// on a platform, or by prices that differ by a factor; never by name and symbol.
/// </summary>
internal static class NearDuplicates
{
    public static void AddTo(CatalogueDraft draft)
    {
        Repeat(draft, real: 283, atLeast: 6, gecko: 2, active: 2, SameNameAndSymbol);
        Repeat(draft, real: 36, atLeast: 4, gecko: 2, active: 2, OldAndNewForm);
        Repeat(draft, real: 36, atLeast: 2, gecko: 2, active: 2, SuffixesThatMatter);
        Repeat(draft, real: 89, atLeast: 2, gecko: 2, active: 1, SameAddressElsewhere);
        Repeat(draft, real: 12, atLeast: 1, gecko: 2, active: 1, AddressApartByCase);
        Repeat(draft, real: 142, atLeast: 4, gecko: 1, active: 1, EmptyAddress);
        Repeat(draft, real: 3, atLeast: 1, gecko: 2, active: 1, ListedTwice);
        Repeat(draft, real: 3, atLeast: 1, gecko: 1, active: 1, ApartByPriceOnly);
    }

    private static void Repeat(CatalogueDraft draft, int real, int atLeast, int gecko, int active, Action<CatalogueDraft, int> add)
    {
        var count = draft.Scaled(real, atLeast);
        for (var i = 0; i < count && draft.HasRoom(gecko, active); i++)
        {
            add(draft, i);
        }
    }

    /// <summary>Adds two coins of CoinGecko with the same name and symbol; CoinPaprika has the first, the second, or both.</summary>
    private static void SameNameAndSymbol(CatalogueDraft draft, int number)
    {
        var (name, symbol) = draft.Names.Unique();
        var first = draft.NewAsset();
        var second = draft.NewAsset();
        var firstContracts = draft.Addresses.Deploy(Platform.Ethereum);
        var secondContracts = draft.Addresses.Deploy(number % 3 == 1 ? Platform.BinanceSmartChain : Platform.Ethereum);
        if (number % 3 is 0 or 2)
        {
            draft.AddPaprika(first, symbol, name, firstContracts);
        }

        if (number % 3 is 1 or 2)
        {
            draft.AddPaprika(second, symbol, name, secondContracts);
        }

        draft.AddGecko(first, symbol, name, firstContracts);
        draft.AddGecko(second, symbol, name, secondContracts);
    }

    /// <summary>Adds a token that moved to a new contract; the upstreams disagree on which of the two has the plain name.</summary>
    private static void OldAndNewForm(CatalogueDraft draft, int number)
    {
        var (name, symbol) = draft.Names.Unique();
        var (old, @new) = (draft.NewAsset(), draft.NewAsset());
        var (oldContracts, newContracts) = (draft.Addresses.Deploy(Platform.Ethereum), draft.Addresses.Deploy(Platform.Ethereum));
        var slug = NameGenerator.Slug(name);
        switch (number % 3)
        {
            case 0: // Like BitTorrent: CoinGecko gives the plain name and symbol to the new form, CoinPaprika to the old one.
                draft.AddPaprika(old, symbol, name, oldContracts);
                draft.AddPaprika(@new, $"{symbol}C", $"{name}-New", newContracts);
                draft.AddGecko(old, $"{symbol}old", $"{name} [OLD]", oldContracts, $"{slug}-old");
                draft.AddGecko(@new, symbol, name, newContracts, slug);
                break;
            case 1: // Like Terra: name and symbol moved to the new form, the ids stayed with the old one.
                draft.AddPaprika(old, $"{symbol}C", $"{name} Classic", oldContracts, id: $"{NameGenerator.Slug(symbol)}-{slug}");
                draft.AddPaprika(@new, symbol, name, newContracts, id: $"{NameGenerator.Slug(symbol)}-{slug}-v2");
                draft.AddGecko(old, $"{symbol}c", $"{name} Classic", oldContracts, slug);
                draft.AddGecko(@new, symbol, name, newContracts, $"{slug}-2");
                break;
            default: // Both forms keep the symbol.
                draft.AddPaprika(old, symbol, name, oldContracts);
                draft.AddPaprika(@new, symbol, $"{name} v2", newContracts);
                draft.AddGecko(old, symbol, $"{name} v1", oldContracts);
                draft.AddGecko(@new, symbol, name, newContracts);
                break;
        }
    }

    /// <summary>Adds two assets whose names differ only by a word that is usually meaningless.</summary>
    private static void SuffixesThatMatter(CatalogueDraft draft, int number)
    {
        var (name, symbol) = draft.Names.Unique();
        var (here, there) = (draft.NewAsset(), draft.NewAsset());
        draft.AddPaprika(here, symbol, $"{name} Protocol", draft.Addresses.Deploy(Platform.Ethereum));
        draft.AddGecko(there, symbol, $"{name} Network", draft.Addresses.Deploy(Platform.Ethereum));
    }

    /// <summary>Adds two unrelated assets with the same address on two chains.</summary>
    private static void SameAddressElsewhere(CatalogueDraft draft, int number)
    {
        var contract = draft.Addresses.On(Platform.Ethereum);
        AddPair(draft, [contract]);
        var (name, symbol) = draft.Names.Unique();
        draft.AddGecko(draft.NewAsset(), symbol, name, [contract with { Platform = Platform.BinanceSmartChain }]);
    }

    /// <summary>Adds two addresses that differ only in case, on a platform on which case matters.</summary>
    private static void AddressApartByCase(CatalogueDraft draft, int number)
    {
        var contract = draft.Addresses.On(Platform.Solana);
        AddPair(draft, [contract]);
        var (name, symbol) = draft.Names.Unique();
        draft.AddGecko(draft.NewAsset(), symbol, name, [contract with { Address = contract.Address.ToLowerInvariant() }]);
    }

    /// <summary>Adds a token with an unknown contract, which CoinGecko shows as an empty string.</summary>
    private static void EmptyAddress(CatalogueDraft draft, int number)
    {
        var asset = draft.NewAsset();
        var (name, symbol) = draft.Names.Unique();
        if (number % 2 == 0)
        {
            draft.AddPaprika(asset, symbol, name, draft.Addresses.Deploy(Platform.Ethereum));
        }

        draft.AddGecko(asset, symbol, name, [new PlatformContract(Platform.Ethereum, "")]);
    }

    /// <summary>
    /// Adds an asset with two of CoinGecko's ids and the same contract: (platform, address) is almost a key, but not quite.
    /// </summary>
    private static void ListedTwice(CatalogueDraft draft, int number)
    {
        var (asset, contracts) = AddPair(draft, draft.Addresses.Deploy(Platform.Ethereum));
        draft.AddGecko(asset, asset.Paprika!.Symbol, asset.Paprika.Name, contracts);
    }

    /// <summary>Adds two native coins with the same name and symbol, one at each upstream, which only the price distinguishes.</summary>
    private static void ApartByPriceOnly(CatalogueDraft draft, int number)
    {
        var (name, symbol) = draft.Names.Unique();

        // Large enough for the free plan's tickers, without which the price would not be visible.
        var here = draft.NewAsset(new MarketProfile(14.5, 60e6, 60e6, Max: null, 0.1, 1));
        var there = draft.NewAsset(new MarketProfile(0.0021, 31e9, 31e9, Max: null, 0.1, 1));
        draft.AddPaprika(here, symbol, name, [], isWellFormed: true);
        draft.AddGecko(there, symbol, name, [], shape: GeckoQuoteShape.Complete);
    }

    private static (SyntheticAsset Asset, PlatformContract[] Contracts) AddPair(CatalogueDraft draft, PlatformContract[] contracts)
    {
        var (name, symbol) = draft.Names.Unique();
        var asset = draft.NewAsset();
        draft.AddPaprika(asset, symbol, name, contracts);
        draft.AddGecko(asset, symbol, name, contracts);
        return (asset, contracts);
    }
}
