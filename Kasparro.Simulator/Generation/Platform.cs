namespace Kasparro.Simulator.Generation;

/// <summary>The formats of platforms' contract addresses.</summary>
internal enum AddressFormat
{
    /// <summary>0x and 40 hexadecimal digits, case-insensitive.</summary>
    Evm,

    /// <summary>32 bytes in Base58, case-sensitive.</summary>
    Solana,

    /// <summary>T and 33 Base58 characters, the last of which are a checksum.</summary>
    Tron,

    /// <summary>56 hexadecimal digits.</summary>
    Cardano,

    /// <summary>An account name, such as <c>lumo.near</c>.</summary>
    Near,

    /// <summary>G and 55 base-32 characters.</summary>
    Stellar,

    /// <summary>A decimal number.</summary>
    Number,
}

/// <summary>A chain with tokens. The upstreams name it differently, and CoinPaprika does not know all of them.</summary>
/// <param name="GeckoId">CoinGecko's id.</param>
/// <param name="PaprikaId">CoinPaprika's id, or null if it lists no contracts of this platform.</param>
/// <param name="ContractType">CoinPaprika's <c>type</c> of the platform's contracts.</param>
/// <param name="Format">The format of the addresses.</param>
/// <param name="Weight">The weight of the platform as tokens' home, in per cent.</param>
internal sealed record Platform(string GeckoId, string? PaprikaId, string ContractType, AddressFormat Format, int Weight)
{
    public static readonly Platform Ethereum = new("ethereum", "eth-ethereum", "ERC20", AddressFormat.Evm, 40);
    public static readonly Platform BinanceSmartChain = new("binance-smart-chain", "bnb-binance-coin", "BEP20", AddressFormat.Evm, 24);
    public static readonly Platform Solana = new("solana", "sol-solana", "SPL", AddressFormat.Solana, 12);

    public static readonly IReadOnlyList<Platform> All =
    [
        Ethereum,
        BinanceSmartChain,
        Solana,
        new("polygon-pos", "matic-polygon", "ERC20", AddressFormat.Evm, 5),
        new("avalanche", "avax-avalanche", "ERC20", AddressFormat.Evm, 3),
        new("arbitrum-one", "arb-arbitrum", "ERC20", AddressFormat.Evm, 3),
        new("optimistic-ethereum", "op-optimism", "ERC20", AddressFormat.Evm, 2),
        new("fantom", "ftm-fantom", "ERC20", AddressFormat.Evm, 2),
        new("tron", "trx-tron", "TRC20", AddressFormat.Tron, 2),
        new("cardano", "ada-cardano", "native", AddressFormat.Cardano, 1),
        new("near-protocol", "near-near-protocol", "NEP141", AddressFormat.Near, 1),
        new("stellar", "xlm-stellar", "asset", AddressFormat.Stellar, 1),
        new("algorand", "algo-algorand", "ASA", AddressFormat.Number, 1),
        new("xdai", null, "", AddressFormat.Evm, 1),
        new("harmony-shard-0", null, "", AddressFormat.Evm, 1),
        new("energi", null, "", AddressFormat.Evm, 1),
    ];

    private static readonly Platform[] Weighted = [.. All.SelectMany(p => Enumerable.Repeat(p, p.Weight))];

    public static Platform Draw(SeededRandom random) => random.Pick(Weighted);
}

/// <summary>A contract; an address is meaningless without its platform.</summary>
internal readonly record struct PlatformContract(Platform Platform, string Address);
