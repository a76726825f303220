using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kasparro.Api.CoinGeckoApi;

[Description("The answer of /ping.")]
internal sealed record CoinGeckoPing(string GeckoSays)
{
    public static CoinGeckoPing Example { get; } = new("(V3) To the Moon!");
}

[Description("What a key may do. The service counts no calls a month: those are null.")]
internal sealed record CoinGeckoKey(
    string Plan,
    long? RateLimitRequestPerMinute,
    long? MonthlyCallCredit,
    long? CurrentTotalMonthlyCalls,
    long? CurrentRemainingMonthlyCalls,
    long? ApiKeyRateLimitRequestPerMinute,
    long? ApiKeyMonthlyCallCredit,
    long? ApiKeyCurrentTotalMonthlyCalls);

[Description("A platform.")]
internal sealed record CoinGeckoPlatform(string Id, long? ChainIdentifier, string Name, string Shortname, string? NativeCoinId,
    CoinGeckoImage Image)
{
    public static CoinGeckoPlatform Example { get; } = new("ethereum", 1, "Ethereum", "", "ethereum", CoinGeckoImage.None);
}

[Description("What a text is found in. Only coins are kept.")]
internal sealed record CoinGeckoSearch(
    IReadOnlyList<CoinGeckoFound> Coins,
    IReadOnlyList<JsonObject> Exchanges,
    IReadOnlyList<JsonObject> Icos,
    IReadOnlyList<JsonObject> Categories,
    IReadOnlyList<JsonObject> Nfts)
{
    public static CoinGeckoSearch Example { get; } = new([CoinGeckoFound.Example], [], [], [], []);
}

[Description("A coin that was found.")]
internal sealed record CoinGeckoFound(string Id, string Name, string ApiSymbol, string Symbol, int? MarketCapRank, string Thumb,
    string Large)
{
    public static CoinGeckoFound Example { get; } = new("ethereum", "Ethereum", "ethereum", "ETH", 2, CoinGeckoImage.None.Thumb,
        CoinGeckoImage.None.Large);
}

[Description("What one bitcoin costs in each currency. Empty before the rates were first read.")]
internal sealed record CoinGeckoRates(IReadOnlyDictionary<string, CoinGeckoRate> Rates)
{
    public static CoinGeckoRates Example { get; } = new(
        new Dictionary<string, CoinGeckoRate>(StringComparer.Ordinal) { ["eur"] = new("Euro", "€", 55_830.2, "fiat") });
}

[Description("What one bitcoin costs in a currency.")]
internal sealed record CoinGeckoRate(string Name, string Unit, double Value, string Type);

[Description("The whole market.")]
internal sealed record CoinGeckoGlobal(CoinGeckoGlobalData Data);

[Description("The whole market: the sums of the active assets.")]
internal sealed record CoinGeckoGlobalData(
    long ActiveCryptocurrencies,
    int UpcomingIcos,
    int OngoingIcos,
    int EndedIcos,
    [property: Description("Always 0: exchanges are not kept.")] int Markets,
    IReadOnlyDictionary<string, double> TotalMarketCap,
    IReadOnlyDictionary<string, double> TotalVolume,
    IReadOnlyDictionary<string, double> MarketCapPercentage,
    [property: JsonPropertyName("market_cap_change_percentage_24h_usd"), Description("Of the 250 largest coins.")] double? MarketCapChange,
    [property: JsonPropertyName("volume_change_percentage_24h_usd"), Description("Of the 250 largest coins.")] double? VolumeChange,
    long UpdatedAt)
{
    public static CoinGeckoGlobal Example { get; } = new(new CoinGeckoGlobalData(
        17_397, UpcomingIcos: 0, OngoingIcos: 0, EndedIcos: 0, Markets: 0,
        new Dictionary<string, double>(StringComparer.Ordinal) { ["usd"] = 2_621_040_321_355 },
        new Dictionary<string, double>(StringComparer.Ordinal) { ["usd"] = 95_133_256_404 },
        new Dictionary<string, double>(StringComparer.Ordinal) { ["btc"] = 57.95 }, -1.6, 33.1, 1_795_176_000));
}
