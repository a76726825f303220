namespace Kasparro.Simulator.Generation;

/// <summary>A true asset, which both upstreams' listings refer to. Not a record: two assets with equal numbers remain different.</summary>
internal sealed class SyntheticAsset(ulong key, MarketProfile market)
{
    /// <summary>The seed of everything about it that varies with time.</summary>
    public ulong Key { get; } = key;

    public MarketProfile Market { get; } = market;

    /// <summary>CoinPaprika's listing of it, or null if there is none.</summary>
    public PaprikaListing? Paprika { get; set; }
}

/// <summary>The parameters of an asset's market.</summary>
/// <param name="Price">The price in US dollars, around which it swings.</param>
/// <param name="Circulating">The number of coins in circulation.</param>
/// <param name="Total">The number of coins created so far.</param>
/// <param name="Max">The number of coins there can ever be, or null for no limit.</param>
/// <param name="Swing">How far the price swings, as a fraction of it: 0–0.9.</param>
/// <param name="Cadence">The number of intervals between two updates of the price.</param>
internal sealed record MarketProfile(double Price, double Circulating, double Total, double? Max, double Swing, int Cadence);

/// <summary>A listing of CoinPaprika.</summary>
/// <param name="Asset">The true asset.</param>
/// <param name="Id">The id, such as <c>btc-bitcoin</c>.</param>
/// <param name="Symbol">The symbol, such as <c>BTC</c>.</param>
/// <param name="Name">The name, such as <c>Bitcoin</c>.</param>
/// <param name="IsActive">Whether it is active; inactive listings have rank 0 and no ticker.</param>
/// <param name="IsToken">Whether it is on another coin's platform.</param>
/// <param name="Contracts">Its rows in <c>/contracts/{platform}</c>.</param>
internal sealed record PaprikaListing(
    SyntheticAsset Asset, string Id, string Symbol, string Name, bool IsActive, bool IsToken, PlatformContract[] Contracts)
{
    /// <summary>How its missing numbers are written.</summary>
    public PaprikaQuoteShape Shape { get; init; }
}

/// <summary>A listing of CoinGecko.</summary>
/// <param name="Asset">The true asset.</param>
/// <param name="Id">The id, such as <c>bitcoin</c>.</param>
/// <param name="Symbol">The symbol, such as <c>btc</c>.</param>
/// <param name="Name">The name, such as <c>Bitcoin</c>.</param>
/// <param name="Contracts">Its <c>platforms</c>.</param>
internal sealed record GeckoListing(SyntheticAsset Asset, string Id, string Symbol, string Name, PlatformContract[] Contracts)
{
    /// <summary>Which of its numbers are missing or excessive.</summary>
    public GeckoQuoteShape Shape { get; init; }
}

/// <summary>How CoinPaprika writes unknown numbers.</summary>
internal enum PaprikaQuoteShape
{
    /// <summary>All numbers are known.</summary>
    Complete,

    /// <summary>Missing numbers are <c>""</c>, as in the vendor's specification.</summary>
    EmptyStrings,

    /// <summary>Missing numbers are null, as in the vendor's examples.</summary>
    Nulls,
}

/// <summary>Which numbers of a coin CoinGecko does not know.</summary>
internal enum GeckoQuoteShape
{
    /// <summary>All numbers are known.</summary>
    Complete,

    /// <summary>The coin was never traded: all numbers are null.</summary>
    Unpriced,

    /// <summary>There is a price, but market cap and rank are null.</summary>
    NullCap,

    /// <summary>There is a price, but the market cap is <c>0.0</c> and the rank null.</summary>
    ZeroCap,

    /// <summary>The fully diluted valuation is beyond 1e29.</summary>
    HugeValuation,
}

/// <summary>Two listings that are one asset.</summary>
internal readonly record struct TruthPair(string CoinPaprikaId, string CoinGeckoId);
