namespace Kasparro.Simulator.Generation;

/// <summary>
/// The head of both catalogues. Ids, symbols and names are real, even if no rule leads from one to the other (<c>btt-bittorrent</c> is
/// <c>bittorrent-old</c>); prices, supplies and contracts are made up.
/// </summary>
internal static class WellKnownAssets
{
    private static readonly MarketProfile Bitcoin = new(60_000, 19_800_000, 19_800_000, 21_000_000, 0.04, 1);
    private static readonly MarketProfile Ether = new(3_000, 120_000_000.5, 120_000_000.5, Max: null, 0.05, 1);

    private static readonly Entry[] Head =
    [
        new("btc-bitcoin", "BTC", "Bitcoin", "bitcoin", "btc", "Bitcoin", Bitcoin),
        new("eth-ethereum", "ETH", "Ethereum", "ethereum", "eth", "Ethereum", Ether),
        new("usdt-tether", "USDT", "Tether", "tether", "usdt", "Tether", Dollar(110e9), Token: true),
        new("bnb-binance-coin", "BNB", "BNB", "binancecoin", "bnb", "BNB", Market(560, 145e6, 200e6)),
        new("sol-solana", "SOL", "Solana", "solana", "sol", "Solana", Market(140, 460e6, null)),
        new("usdc-usd-coin", "USDC", "USDC", "usd-coin", "usdc", "USDC", Dollar(34e9), Token: true),
        new("xrp-xrp", "XRP", "XRP", "ripple", "xrp", "XRP", Market(0.55, 55e9, 100e9)),
        new("doge-dogecoin", "DOGE", "Dogecoin", "dogecoin", "doge", "Dogecoin", Market(0.12, 145e9, null)),
        new("ada-cardano", "ADA", "Cardano", "cardano", "ada", "Cardano", Market(0.45, 35e9, 45e9)),
        new("trx-tron", "TRX", "TRON", "tron", "trx", "TRON", Market(0.13, 87e9, null)),
        new("avax-avalanche", "AVAX", "Avalanche", "avalanche-2", "avax", "Avalanche", Market(28, 395e6, 720e6)),
        new("wbtc-wrapped-bitcoin", "WBTC", "Wrapped Bitcoin", "wrapped-bitcoin", "wbtc", "Wrapped Bitcoin", Market(60_000, 154e3, null),
            Token: true),
        new("dot-polkadot", "DOT", "Polkadot", "polkadot", "dot", "Polkadot", Market(6.2, 1.4e9, null)),
        new("weth-weth", "WETH", "WETH", "weth", "weth", "WETH", Ether with { Circulating = 2_900_000, Total = 2_900_000 }, Token: true),
        new("link-chainlink", "LINK", "Chainlink", "chainlink", "link", "Chainlink", Market(13, 600e6, 1e9), Token: true),
        new("ltc-litecoin", "LTC", "Litecoin", "litecoin", "ltc", "Litecoin", Market(82, 75e6, 84e6)),
        new("bch-bitcoin-cash", "BCH", "Bitcoin Cash", "bitcoin-cash", "bch", "Bitcoin Cash", Market(390, 19.7e6, 21e6)),
        new("dai-dai", "DAI", "Dai", "dai", "dai", "Dai", Dollar(5.3e9), Token: true),
        new("uni-uniswap", "UNI", "Uniswap", "uniswap", "uni", "Uniswap", Market(7.4, 600e6, 1e9), Token: true),
        new("xlm-stellar", "XLM", "Stellar", "stellar", "xlm", "Stellar", Market(0.11, 29e9, 50e9)),

        // Pairs that rules based on names get wrong.
        new("btt-bittorrent", "BTT", "BitTorrent", "bittorrent-old", "bttold", "BitTorrent [OLD]", Market(0.00069, 660e9, 990e9),
            Token: true),
        new("bttc-bittorrent-chain", "BTTC", "BitTorrent-New", "bittorrent", "btt", "BitTorrent", Market(8.4e-7, 968e12, 990e12),
            Token: true),
        new("knc-kyber-network", "KNC", "Kyber Network", "kyber-network-crystal", "knc", "Kyber Network Crystal", Market(0.52, 185e6, null),
            Token: true),
        new("luna-terra", "LUNC", "Terra Classic", "terra-luna", "lunc", "Terra Luna Classic", Market(9.1e-5, 5.7e12, null)),
        new("luna-terra-v2", "LUNA", "Terra", "terra-luna-2", "luna", "Terra", Market(0.38, 690e6, null)),
        new("ust-terrausd", "USTC", "TerraClassicUSD", "terrausd", "ustc", "TerraClassicUSD", Market(0.019, 5.6e9, null)),
    ];

    /// <summary>Lists as many as fit. They have all numbers, for every seed.</summary>
    public static void AddTo(CatalogueDraft draft)
    {
        foreach (var entry in Head)
        {
            if (!draft.HasRoom(gecko: 1, active: 1))
            {
                return;
            }

            draft.Names.TryTake(entry.PaprikaName);
            draft.Names.TryTake(entry.GeckoName);
            draft.Names.TakeSymbol(entry.PaprikaSymbol);
            draft.Names.TakeSymbol(entry.GeckoSymbol);
            var asset = draft.NewAsset(entry.Market);
            var contracts = entry.Token ? draft.Addresses.Deploy(Platform.Ethereum) : [];
            draft.AddPaprika(asset, entry.PaprikaSymbol, entry.PaprikaName, contracts, id: entry.PaprikaId, isWellFormed: true);
            draft.AddGecko(asset, entry.GeckoSymbol, entry.GeckoName, contracts, entry.GeckoId, GeckoQuoteShape.Complete);
        }
    }

    /// <summary>Gets the market that forms of a well-known asset follow: a bridged coin has the price of the coin.</summary>
    public static MarketProfile GetMarket(string geckoId) => Array.Find(Head, e => e.GeckoId == geckoId)!.Market;

    private static MarketProfile Market(double price, double circulating, double? max) =>
        new(price, circulating, Math.Round(Math.Min(circulating * 1.05, max ?? double.MaxValue)), max, 0.08, 1);

    private static MarketProfile Dollar(double circulating) => new(1, circulating, circulating, Max: null, 0.002, 1);

    private sealed record Entry(
        string PaprikaId,
        string PaprikaSymbol,
        string PaprikaName,
        string GeckoId,
        string GeckoSymbol,
        string GeckoName,
        MarketProfile Market,
        bool Token = false);
}
