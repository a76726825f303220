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
internal sealed record PaprikaCoinDetails
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Symbol { get; init; }

    public JsonObject? Parent { get; init; }

    public int Rank { get; init; }

    public bool IsNew { get; init; }

    public bool IsActive { get; init; }

    public required string Type { get; init; }

    public string Logo { get; init; } = "";

    public IReadOnlyList<JsonObject> Tags { get; init; } = [];

    public IReadOnlyList<JsonObject> Team { get; init; } = [];

    public string? Description { get; init; }

    public string Message { get; init; } = "";

    public bool OpenSource { get; init; }

    public bool HardwareWallet { get; init; }

    public string? StartedAt { get; init; }

    public string? DevelopmentStatus { get; init; }

    public string? ProofType { get; init; }

    public string? OrgStructure { get; init; }

    public string? HashAlgorithm { get; init; }

    public string? Contract { get; init; }

    public string? Platform { get; init; }

    public IReadOnlyList<PaprikaCoinContract> Contracts { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Links { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    public IReadOnlyList<JsonObject> LinksExtended { get; init; } = [];

    public PaprikaWhitepaper Whitepaper { get; init; } = new(null, null);

    public string? FirstDataAt { get; init; }

    public string? LastDataAt { get; init; }

    public static PaprikaCoinDetails Example { get; } = new()
    {
        Id = "omg-omg-network",
        Name = "OMG Network",
        Symbol = "OMG",
        Rank = 900,
        IsActive = true,
        Type = "token",
        Contract = "0xd26114cd6ee289accf82350c8d8487fedb8a0c07",
        Platform = "eth-ethereum",
        Contracts = [new("0xd26114cd6ee289accf82350c8d8487fedb8a0c07", "eth-ethereum", "ERC20")],
        LastDataAt = "2026-11-20T12:00:00Z",
    };
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
internal sealed record PaprikaQuote
{
    public double? Price { get; init; }

    [JsonPropertyName("volume_24h")]
    public double? Volume { get; init; }

    [JsonPropertyName("volume_24h_change_24h")]
    public double? VolumeChange { get; init; }

    public double? MarketCap { get; init; }

    [JsonPropertyName("market_cap_change_24h")]
    public double? MarketCapChange { get; init; }

    [JsonPropertyName("percent_change_15m")]
    public double? QuarterHour { get; init; }

    [JsonPropertyName("percent_change_30m")]
    public double? HalfHour { get; init; }

    [JsonPropertyName("percent_change_1h")]
    public double? Hour { get; init; }

    [JsonPropertyName("percent_change_6h")]
    public double? SixHours { get; init; }

    [JsonPropertyName("percent_change_12h")]
    public double? HalfDay { get; init; }

    [JsonPropertyName("percent_change_24h")]
    public double? Day { get; init; }

    [JsonPropertyName("percent_change_7d")]
    public double? Week { get; init; }

    [JsonPropertyName("percent_change_30d")]
    public double? Month { get; init; }

    [JsonPropertyName("percent_change_1y")]
    public double? Year { get; init; }

    [Description("Always null: records of before this service began are not known.")]
    public double? AthPrice { get; init; }

    public string? AthDate { get; init; }

    public double? PercentFromPriceAth { get; init; }

    public static PaprikaQuote Example { get; } =
        new() { Price = 64_210.55, Volume = 31_500_000_000, MarketCap = 1_265_000_000_000, Day = 0.64, Week = -1.2 };
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
internal sealed record PaprikaGlobal
{
    public double MarketCapUsd { get; init; }

    [JsonPropertyName("volume_24h_usd")]
    public double VolumeUsd { get; init; }

    public double BitcoinDominancePercentage { get; init; }

    public long CryptocurrenciesNumber { get; init; }

    public double? MarketCapAthValue { get; init; }

    public string? MarketCapAthDate { get; init; }

    [JsonPropertyName("volume_24h_ath_value")]
    public double? VolumeAthValue { get; init; }

    [JsonPropertyName("volume_24h_ath_date")]
    public string? VolumeAthDate { get; init; }

    [JsonPropertyName("market_cap_change_24h")]
    public double? MarketCapChange { get; init; }

    [JsonPropertyName("volume_24h_change_24h")]
    public double? VolumeChange { get; init; }

    public long LastUpdated { get; init; }

    public static PaprikaGlobal Example { get; } = new()
    {
        MarketCapUsd = 2_621_040_321_355,
        VolumeUsd = 95_133_256_404,
        BitcoinDominancePercentage = 57.95,
        CryptocurrenciesNumber = 8_400,
        LastUpdated = 1_795_176_000,
    };
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
