namespace Kasparro.Simulator.Generation;

/// <summary>Bridged, wrapped and staked forms: separate assets with their own contracts, despite their symbol and price.</summary>
internal static class DerivedForms
{
    /// <summary>The number of such forms in the real CoinGecko, of 17,400 coins.</summary>
    private const int RealForms = 793;

    private static readonly string[] Bridges =
    [
        "Ferry", "Causeway", "Viaduct", "Portage", "Gangway", "Crossing", "Span", "Pontoon", "Culvert", "Aqueduct", "Skybridge", "Trestle",
    ];

    private static readonly string[] Chains =
    [
        "Polygon", "Avalanche", "Arbitrum", "Optimism", "Fantom", "Gnosis", "Harmony", "Energi", "Cronos", "Moonriver", "Aurora", "Celo",
        "Base", "Linea", "Scroll", "Mantle", "Metis", "Boba", "Kava", "Canto",
    ];

    /// <summary>Coins that are often bridged, with the number of coins that have their symbol, including the well-known one.</summary>
    private static readonly (string GeckoId, string Symbol, string Label, int Real, int AtLeast)[] Popular =
    [
        ("weth", "WETH", "Wrapped Ether", 65, 8),
        ("usd-coin", "USDC", "USDC", 63, 7),
        ("tether", "USDT", "Tether", 47, 6),
        ("ethereum", "ETH", "Ethereum", 13, 6),
        ("bitcoin", "BTC", "Bitcoin", 5, 5),
    ];

    public static void AddTo(CatalogueDraft draft)
    {
        var before = draft.Gecko.Count;
        foreach (var (geckoId, symbol, label, real, atLeast) in Popular)
        {
            for (var i = 1; i < draft.Scaled(real, atLeast); i++)
            {
                var name = $"{Bridges[i % Bridges.Length]} Bridged {label} ({Chains[i / Bridges.Length % Chains.Length]})";
                Add(draft, symbol, name, WellKnownAssets.GetMarket(geckoId), isPair: i % 3 == 0);
            }
        }

        var originals = draft.Gecko.Count;
        var forms = draft.Scaled(RealForms, atLeast: 12 + originals - before) - (originals - before);
        for (var i = 0; i < forms; i++)
        {
            AddFormOfNewcomer(draft, i);
        }
    }

    /// <summary>Adds a token on both sides and a form of it, which shares its symbol, its price, or most of its name.</summary>
    private static void AddFormOfNewcomer(CatalogueDraft draft, int number)
    {
        if (!draft.HasRoom(gecko: 2, active: 2))
        {
            return;
        }

        var (name, symbol) = draft.Names.Unique();
        var original = draft.NewAsset();
        var contracts = draft.Addresses.Deploy(Platform.Ethereum);
        draft.AddPaprika(original, symbol, name, contracts);
        draft.AddGecko(original, symbol, name, contracts);

        var (formSymbol, formName) = (number % 4) switch
        {
            0 => ($"W{symbol}", $"Wrapped {name}"),
            1 => ($"ST{symbol}", $"Staked {name}"),
            2 => (symbol, $"Bridged {name}"),
            _ => (symbol, $"{name} ({draft.Random.Pick(Chains)} Bridge)"),
        };
        Add(draft, formSymbol, formName, original.Market, isPair: number % 2 == 0);
    }

    private static void Add(CatalogueDraft draft, string symbol, string name, MarketProfile market, bool isPair)
    {
        draft.Names.TryTake(name);
        draft.Names.TakeSymbol(symbol);

        // On Ethereum, too, if both upstreams list it: a shared platform proves that it is not another form.
        var contracts = draft.Addresses.Deploy(isPair ? Platform.Ethereum : null);
        var asset = draft.NewAsset(
            market with { Circulating = Math.Ceiling(market.Circulating / 500), Total = Math.Ceiling(market.Circulating / 400) });
        if (isPair && draft.HasRoom(gecko: 1, active: 1))
        {
            draft.AddPaprika(asset, symbol, name, contracts);
        }

        if (draft.HasRoom(gecko: 1, active: 0))
        {
            draft.AddGecko(asset, symbol, name, contracts);
        }
    }
}
