using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kasparro.Api.CoinGeckoApi;

[Description("A coin with its market, as /coins/markets of CoinGecko's API shows it. Amounts are in vs_currency.")]
internal sealed record CoinGeckoMarket
{
    public required string Id { get; init; }

    public required string Symbol { get; init; }

    public required string Name { get; init; }

    public string Image { get; init; } = CoinGeckoImage.None.Large;

    public double? CurrentPrice { get; init; }

    public double? MarketCap { get; init; }

    public int? MarketCapRank { get; init; }

    public double? FullyDilutedValuation { get; init; }

    public double? TotalVolume { get; init; }

    [JsonPropertyName("high_24h")]
    public double? High { get; init; }

    [JsonPropertyName("low_24h")]
    public double? Low { get; init; }

    [JsonPropertyName("price_change_24h")]
    public double? PriceChange { get; init; }

    [JsonPropertyName("price_change_percentage_24h")]
    public double? PriceChangePercentage { get; init; }

    [JsonPropertyName("market_cap_change_24h")]
    public double? MarketCapChange { get; init; }

    [JsonPropertyName("market_cap_change_percentage_24h")]
    public double? MarketCapChangePercentage { get; init; }

    public double? CirculatingSupply { get; init; }

    public double? TotalSupply { get; init; }

    public double? MaxSupply { get; init; }

    [Description("Always null: records of before this service began are not known.")]
    public double? Ath { get; init; }

    public double? AthChangePercentage { get; init; }

    public string? AthDate { get; init; }

    public double? Atl { get; init; }

    public double? AtlChangePercentage { get; init; }

    public string? AtlDate { get; init; }

    [Description("Always null.")]
    public JsonObject? Roi { get; init; }

    public string? LastUpdated { get; init; }

    [JsonPropertyName("sparkline_in_7d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CoinGeckoSparkline? Sparkline { get; init; }

    /// <summary>The changes that <c>price_change_percentage</c> asks for.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Changes { get; set; }

    public static CoinGeckoMarket Example { get; } = new()
    {
        Id = "bitcoin",
        Symbol = "btc",
        Name = "Bitcoin",
        CurrentPrice = 64_210.55,
        MarketCap = 1_265_000_000_000,
        MarketCapRank = 1,
        FullyDilutedValuation = 1_348_000_000_000,
        TotalVolume = 31_500_000_000,
        High = 64_900,
        Low = 63_020.1,
        PriceChange = 410.2,
        PriceChangePercentage = 0.64,
        MarketCapChange = 8_100_000_000,
        MarketCapChangePercentage = 0.64,
        CirculatingSupply = 19_700_000,
        TotalSupply = 19_700_000,
        MaxSupply = 21_000_000,
        LastUpdated = "2026-11-20T12:00:00.000Z",
    };
}

[Description("Hourly prices of seven days, the oldest first.")]
internal sealed record CoinGeckoSparkline(IReadOnlyList<double> Price);
