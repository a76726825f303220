using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.CoinGecko;

/// <summary>The known schema of CoinGecko's market pages; all fields except texts can be null.</summary>
internal static class CoinGeckoSchemas
{
    public static ExpectedSchema Markets { get; } = new(
        SourceNames.CoinGecko,
        "markets",
        [
            .. ExpectedSchema.Required(JsonKinds.Text, "id", "symbol", "name", "image", "ath_date", "atl_date", "last_updated"),
            .. ExpectedSchema.Required(
                JsonKinds.Number,
                "current_price",
                "market_cap",
                "market_cap_rank",
                "fully_diluted_valuation",
                "total_volume",
                "high_24h",
                "low_24h",
                "price_change_24h",
                "price_change_percentage_24h",
                "market_cap_change_24h",
                "market_cap_change_percentage_24h",
                "circulating_supply",
                "total_supply",
                "max_supply",
                "ath",
                "ath_change_percentage",
                "atl",
                "atl_change_percentage"),
            .. ExpectedSchema.Required(JsonKinds.Object, "roi"),
            .. ExpectedSchema.Required(JsonKinds.Number, "roi.times", "roi.percentage"),
            .. ExpectedSchema.Required(JsonKinds.Text, "roi.currency"),
        ]);
}
