using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.CoinPaprika;

/// <summary>The known schemas of CoinPaprika; according to its specification, a missing number is an empty text.</summary>
internal static class CoinPaprikaSchemas
{
    private const JsonKinds NumberOrBlank = JsonKinds.Number | JsonKinds.Text;

    public static ExpectedSchema Coins { get; } = new(
        SourceNames.CoinPaprika,
        "coins",
        [
            .. ExpectedSchema.Required(JsonKinds.Text, "id", "name", "symbol", "type"),
            .. ExpectedSchema.Required(NumberOrBlank, "rank"),
            .. ExpectedSchema.Required(JsonKinds.Flag, "is_new", "is_active"),
        ]);

    public static ExpectedSchema Tickers { get; } = new(
        SourceNames.CoinPaprika,
        "tickers",
        [
            .. ExpectedSchema.Required(JsonKinds.Text, "id", "name", "symbol", "last_updated"),
            .. ExpectedSchema.Required(NumberOrBlank, "rank", "total_supply", "max_supply", "beta_value"),
            .. ExpectedSchema.Optional(NumberOrBlank, "circulating_supply"),
            .. ExpectedSchema.Optional(JsonKinds.Text, "first_data_at"),
            .. ExpectedSchema.Required(JsonKinds.Object, "quotes", "quotes.USD"),
            .. ExpectedSchema.Required(
                NumberOrBlank,
                "quotes.USD.price",
                "quotes.USD.volume_24h",
                "quotes.USD.volume_24h_change_24h",
                "quotes.USD.market_cap",
                "quotes.USD.market_cap_change_24h",
                "quotes.USD.percent_change_15m",
                "quotes.USD.percent_change_30m",
                "quotes.USD.percent_change_1h",
                "quotes.USD.percent_change_6h",
                "quotes.USD.percent_change_12h",
                "quotes.USD.percent_change_24h",
                "quotes.USD.percent_change_7d",
                "quotes.USD.percent_change_30d",
                "quotes.USD.percent_change_1y",
                "quotes.USD.ath_price",
                "quotes.USD.percent_from_price_ath"),
            .. ExpectedSchema.Required(JsonKinds.Text, "quotes.USD.ath_date"),
        ]);
}
