using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kasparro.Api.CoinGeckoApi;

[Description("A coin with its market, as /coins/markets of CoinGecko's API shows it. Amounts are in vs_currency.")]
internal sealed record CoinGeckoMarket(
    string Id,
    string Symbol,
    string Name,
    string Image,
    double? CurrentPrice = null,
    double? MarketCap = null,
    int? MarketCapRank = null,
    double? FullyDilutedValuation = null,
    double? TotalVolume = null,
    [property: JsonPropertyName("high_24h")] double? High = null,
    [property: JsonPropertyName("low_24h")] double? Low = null,
    [property: JsonPropertyName("price_change_24h")] double? PriceChange = null,
    [property: JsonPropertyName("price_change_percentage_24h")] double? PriceChangePercentage = null,
    [property: JsonPropertyName("market_cap_change_24h")] double? MarketCapChange = null,
    [property: JsonPropertyName("market_cap_change_percentage_24h")] double? MarketCapChangePercentage = null,
    double? CirculatingSupply = null,
    double? TotalSupply = null,
    double? MaxSupply = null,
    [property: Description("Always null: records of before this service began are not known.")] double? Ath = null,
    double? AthChangePercentage = null,
    string? AthDate = null,
    double? Atl = null,
    double? AtlChangePercentage = null,
    string? AtlDate = null,
    [property: Description("Always null.")] JsonObject? Roi = null,
    string? LastUpdated = null,
    [property: JsonPropertyName("sparkline_in_7d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    CoinGeckoSparkline? Sparkline = null)
{
    /// <summary>The changes that <c>price_change_percentage</c> asks for.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Changes { get; set; }

    public static CoinGeckoMarket Example { get; } = new(
        "bitcoin", "btc", "Bitcoin", CoinGeckoImage.NoLarge, CurrentPrice: 64_210.55, MarketCap: 1_265_000_000_000, MarketCapRank: 1,
        FullyDilutedValuation: 1_348_000_000_000, TotalVolume: 31_500_000_000, High: 64_900, Low: 63_020.1, PriceChange: 410.2,
        PriceChangePercentage: 0.64, MarketCapChange: 8_100_000_000, MarketCapChangePercentage: 0.64, CirculatingSupply: 19_700_000,
        TotalSupply: 19_700_000, MaxSupply: 21_000_000, LastUpdated: "2026-11-20T12:00:00.000Z");
}

[Description("Hourly prices of seven days, the oldest first.")]
internal sealed record CoinGeckoSparkline(IReadOnlyList<double> Price);
