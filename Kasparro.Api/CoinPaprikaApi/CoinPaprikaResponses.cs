using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kasparro.Api.CoinPaprikaApi;

[Description("A coin, as /coins of CoinPaprika's API lists it.")]
internal sealed record PaprikaCoin(string Id, string Name, string Symbol, int Rank, bool IsNew, bool IsActive, string Type)
{
    public static PaprikaCoin Example { get; } = new("omg-omg-network", "OMG Network", "OMG", 900, IsNew: false, IsActive: true, "token");
}

[Description("A coin with its contracts. What the catalogue does not have is null or empty.")]
internal sealed record PaprikaCoinDetails(
    string Id,
    string Name,
    string Symbol,
    JsonObject? Parent,
    int Rank,
    bool IsNew,
    bool IsActive,
    string Type,
    string Logo,
    IReadOnlyList<JsonObject> Tags,
    IReadOnlyList<JsonObject> Team,
    string? Description,
    string Message,
    bool OpenSource,
    bool HardwareWallet,
    string? StartedAt,
    string? DevelopmentStatus,
    string? ProofType,
    string? OrgStructure,
    string? HashAlgorithm,
    string? Contract,
    string? Platform,
    IReadOnlyList<PaprikaCoinContract> Contracts,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Links,
    IReadOnlyList<JsonObject> LinksExtended,
    PaprikaWhitepaper Whitepaper,
    string? FirstDataAt,
    string? LastDataAt)
{
    public static PaprikaCoinDetails Example { get; } = From(
        "omg-omg-network", "OMG Network", "OMG", 900, isActive: true, "token", logo: "",
        [new("0xd26114cd6ee289accf82350c8d8487fedb8a0c07", "eth-ethereum", "ERC20")], "2026-11-20T12:00:00Z");

    /// <summary>Creates the details that the catalogue has of a coin.</summary>
    public static PaprikaCoinDetails From(
        string id, string name, string symbol, int rank, bool isActive, string type, string logo,
        IReadOnlyList<PaprikaCoinContract> contracts, string? lastDataAt) => new(
        id, name, symbol, Parent: null, rank, IsNew: false, isActive, type, logo, Tags: [], Team: [],
        Description: null, Message: "", OpenSource: false, HardwareWallet: false, StartedAt: null, DevelopmentStatus: null,
        ProofType: null, OrgStructure: null, HashAlgorithm: null, contracts.FirstOrDefault()?.Contract,
        contracts.FirstOrDefault()?.Platform, contracts, Links: new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal),
        LinksExtended: [], Whitepaper: new(null, null), FirstDataAt: null, lastDataAt);
}

[Description("A contract of a coin.")]
internal sealed record PaprikaCoinContract(string Contract, string Platform, string Type);

[Description("A coin's whitepaper; none is kept.")]
internal sealed record PaprikaWhitepaper(string? Link, string? Thumbnail);

[Description("A coin with its prices, as /tickers of CoinPaprika's API shows it.")]
internal sealed record PaprikaTicker(
    string Id,
    string Name,
    string Symbol,
    int Rank,
    double? CirculatingSupply,
    double? TotalSupply,
    double? MaxSupply,
    double? BetaValue,
    string? FirstDataAt,
    string? LastUpdated,
    IReadOnlyDictionary<string, PaprikaQuote> Quotes)
{
    public static PaprikaTicker Example { get; } = new(
        "btc-bitcoin", "Bitcoin", "BTC", 1, 19_700_000, 19_700_000, 21_000_000, null, null, "2026-11-20T12:00:00Z",
        new Dictionary<string, PaprikaQuote>(StringComparer.Ordinal) { ["USD"] = PaprikaQuote.Example });
}

[Description("The price of a coin in a currency. Changes in per cent come from our own history: null where it does not reach back.")]
internal sealed record PaprikaQuote(
    double? Price = null,
    [property: JsonPropertyName("volume_24h")] double? Volume = null,
    [property: JsonPropertyName("volume_24h_change_24h")] double? VolumeChange = null,
    double? MarketCap = null,
    [property: JsonPropertyName("market_cap_change_24h")] double? MarketCapChange = null,
    [property: JsonPropertyName("percent_change_15m")] double? QuarterHour = null,
    [property: JsonPropertyName("percent_change_30m")] double? HalfHour = null,
    [property: JsonPropertyName("percent_change_1h")] double? Hour = null,
    [property: JsonPropertyName("percent_change_6h")] double? SixHours = null,
    [property: JsonPropertyName("percent_change_12h")] double? HalfDay = null,
    [property: JsonPropertyName("percent_change_24h")] double? Day = null,
    [property: JsonPropertyName("percent_change_7d")] double? Week = null,
    [property: JsonPropertyName("percent_change_30d")] double? Month = null,
    [property: JsonPropertyName("percent_change_1y")] double? Year = null,
    [property: Description("Always null: records of before this service began are not known.")] double? AthPrice = null,
    string? AthDate = null,
    double? PercentFromPriceAth = null)
{
    public static PaprikaQuote Example { get; } =
        new(Price: 64_210.55, Volume: 31_500_000_000, MarketCap: 1_265_000_000_000, Day: 0.64, Week: -1.2);
}

[Description("A price of the past.")]
internal sealed record PaprikaTick(string Timestamp, double Price, [property: JsonPropertyName("volume_24h")] double? Volume,
    double? MarketCap)
{
    public static PaprikaTick Example { get; } = new("2026-11-20T12:00:00Z", 64_210.55, 31_500_000_000, 1_265_000_000_000);
}

[Description("The prices of one interval.")]
internal sealed record PaprikaCandle(
    string TimeOpen, string TimeClose, double Open, double High, double Low, double Close, double? Volume, double? MarketCap)
{
    public static PaprikaCandle Example { get; } = new(
        "2026-11-20T00:00:00Z", "2026-11-20T23:59:59Z", 64_000, 64_500, 63_900, 64_210.55, 31_500_000_000, 1_265_000_000_000);
}

[Description("A contract of a platform.")]
internal sealed record PaprikaContract(string Address, string Id, string Type, bool Active)
{
    public static PaprikaContract Example { get; } = new("0xd26114cd6ee289accf82350c8d8487fedb8a0c07", "omg-omg-network", "ERC20",
        Active: true);
}

[Description("A coin's ids at the vendors. Those of vendors that are not read are null.")]
internal sealed record PaprikaMapping(
    [property: JsonPropertyName("coinpaprika")] string? CoinPaprika,
    [property: JsonPropertyName("coinmarketcap")] string? CoinMarketCap,
    [property: JsonPropertyName("coingecko")] string? CoinGecko,
    [property: JsonPropertyName("cryptocompare")] string? CryptoCompare,
    string? Isin,
    string? Dti,
    string? UpdatedAt)
{
    public static PaprikaMapping Example { get; } = new("btc-bitcoin", null, "bitcoin", null, null, null, "2026-11-20T12:00:00Z");
}

[Description("The whole market: the sums of the active assets. Changes are those of the 250 largest.")]
internal sealed record PaprikaGlobal(
    double MarketCapUsd,
    [property: JsonPropertyName("volume_24h_usd")] double VolumeUsd,
    double BitcoinDominancePercentage,
    long CryptocurrenciesNumber,
    double? MarketCapAthValue,
    string? MarketCapAthDate,
    [property: JsonPropertyName("volume_24h_ath_value")] double? VolumeAthValue,
    [property: JsonPropertyName("volume_24h_ath_date")] string? VolumeAthDate,
    [property: JsonPropertyName("market_cap_change_24h")] double? MarketCapChange,
    [property: JsonPropertyName("volume_24h_change_24h")] double? VolumeChange,
    long LastUpdated)
{
    public static PaprikaGlobal Example { get; } = new(
        2_621_040_321_355, 95_133_256_404, 57.95, 8_400, MarketCapAthValue: null, MarketCapAthDate: null, VolumeAthValue: null,
        VolumeAthDate: null, MarketCapChange: null, VolumeChange: null, 1_795_176_000);
}

[Description("What a key may do. The service has no plans and counts no months.")]
internal sealed record PaprikaKey(string Plan, string? PlanStartedAt, string PlanStatus, string PortalUrl, PaprikaUsage Usage)
{
    public static PaprikaKey Example { get; } = new("Kasparro", null, "active", "", new("no limit a month", new(null, null)));
}

[Description("What is used of a plan.")]
internal sealed record PaprikaUsage(string Message, PaprikaMonth CurrentMonth);

[Description("The calls of a month.")]
internal sealed record PaprikaMonth(long? RequestsMade, long? RequestsLeft);
