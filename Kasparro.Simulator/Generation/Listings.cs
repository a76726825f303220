namespace Kasparro.Simulator.Generation;

/// <summary>One true asset: what both upstreams' listings of it have in common. No record: equal numbers make no two assets one.</summary>
internal sealed class SyntheticAsset(ulong key, MarketProfile market)
{
    /// <summary>Seeds everything about it that varies with time.</summary>
    public ulong Key { get; } = key;

    public MarketProfile Market { get; } = market;

    /// <summary>CoinPaprika's listing of it, if there is one.</summary>
    public PaprikaListing? Paprika { get; set; }
}

/// <summary>What an asset's market looks like.</summary>
/// <param name="Price">US dollars, around which the price swings.</param>
/// <param name="Circulating">Coins in circulation.</param>
/// <param name="Total">Coins made so far.</param>
/// <param name="Max">Coins there can ever be, or null for no limit.</param>
/// <param name="Swing">How far the price strays, as a part of it: 0–0.9.</param>
/// <param name="Cadence">Every how many intervals the price is updated.</param>
internal sealed record MarketProfile(double Price, double Circulating, double Total, double? Max, double Swing, int Cadence);

/// <summary>What CoinPaprika lists.</summary>
/// <param name="Asset">What it truly is.</param>
/// <param name="Id"><c>btc-bitcoin</c>.</param>
/// <param name="Symbol"><c>BTC</c>.</param>
/// <param name="Name"><c>Bitcoin</c>.</param>
/// <param name="IsActive">Inactive ones have rank 0 and no ticker.</param>
/// <param name="IsToken">On somebody else's platform.</param>
/// <param name="Contracts">Its rows in <c>/contracts/{platform}</c>.</param>
internal sealed record PaprikaListing(
    SyntheticAsset Asset, string Id, string Symbol, string Name, bool IsActive, bool IsToken, PlatformContract[] Contracts)
{
    /// <summary>How its missing numbers are written.</summary>
    public PaprikaQuoteShape Shape { get; init; }
}

/// <summary>What CoinGecko lists.</summary>
/// <param name="Asset">What it truly is.</param>
/// <param name="Id"><c>bitcoin</c>.</param>
/// <param name="Symbol"><c>btc</c>.</param>
/// <param name="Name"><c>Bitcoin</c>.</param>
/// <param name="Contracts">Its <c>platforms</c>.</param>
internal sealed record GeckoListing(SyntheticAsset Asset, string Id, string Symbol, string Name, PlatformContract[] Contracts)
{
    /// <summary>Which of its numbers are missing or monstrous.</summary>
    public GeckoQuoteShape Shape { get; init; }
}

/// <summary>How CoinPaprika writes what it does not know.</summary>
internal enum PaprikaQuoteShape
{
    /// <summary>Every number is there.</summary>
    Complete,

    /// <summary>Missing numbers are <c>""</c>, as the vendor's specification says.</summary>
    EmptyStrings,

    /// <summary>Missing numbers are null, as the vendor's examples show.</summary>
    Nulls,
}

/// <summary>What CoinGecko does not know of a coin.</summary>
internal enum GeckoQuoteShape
{
    /// <summary>Every number is there.</summary>
    Complete,

    /// <summary>No trade ever: all numbers are null.</summary>
    Unpriced,

    /// <summary>A price, but market cap and rank are null.</summary>
    NullCap,

    /// <summary>A price, but the market cap is <c>0.0</c> and the rank null.</summary>
    ZeroCap,

    /// <summary>A fully diluted valuation beyond 1e29.</summary>
    HugeValuation,
}

/// <summary>Two listings that are one asset.</summary>
internal readonly record struct TruthPair(string CoinPaprikaId, string CoinGeckoId);
