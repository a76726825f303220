using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Api.Vendors;
using Amounts = System.Collections.Generic.IReadOnlyDictionary<string, double>;

namespace Kasparro.Api.CoinGeckoApi;

[Description("The market of a coin. Amounts are by currency; those that are not known are absent.")]
internal sealed record CoinGeckoMarketData(
    Amounts CurrentPrice,
    double? TotalValueLocked,
    double? McapToTvlRatio,
    double? FdvToTvlRatio,
    JsonObject? Roi,
    Amounts Ath,
    Amounts AthChangePercentage,
    IReadOnlyDictionary<string, string> AthDate,
    Amounts Atl,
    Amounts AtlChangePercentage,
    IReadOnlyDictionary<string, string> AtlDate,
    Amounts MarketCap,
    int? MarketCapRank,
    int? MarketCapRankWithRehypothecated,
    Amounts FullyDilutedValuation,
    double? MarketCapFdvRatio,
    Amounts TotalVolume,
    [property: JsonPropertyName("high_24h")] Amounts High,
    [property: JsonPropertyName("low_24h")] Amounts Low,
    [property: JsonPropertyName("price_change_24h")] double? PriceChange,
    [property: JsonPropertyName("price_change_percentage_24h")] double? PriceChangePercentageDay,
    [property: JsonPropertyName("price_change_percentage_7d")] double? PriceChangePercentageWeek,
    [property: JsonPropertyName("price_change_percentage_14d")] double? PriceChangePercentageTwoWeeks,
    [property: JsonPropertyName("price_change_percentage_30d")] double? PriceChangePercentageMonth,
    [property: JsonPropertyName("price_change_percentage_60d")] double? PriceChangePercentageTwoMonths,
    [property: JsonPropertyName("price_change_percentage_200d")] double? PriceChangePercentage200Days,
    [property: JsonPropertyName("price_change_percentage_1y")] double? PriceChangePercentageYear,
    [property: JsonPropertyName("market_cap_change_24h")] double? MarketCapChange,
    [property: JsonPropertyName("market_cap_change_percentage_24h")] double? MarketCapChangePercentage,
    [property: JsonPropertyName("price_change_24h_in_currency")] Amounts PriceChangeInCurrency,
    [property: JsonPropertyName("price_change_percentage_1h_in_currency")] Amounts HourInCurrency,
    [property: JsonPropertyName("price_change_percentage_24h_in_currency")] Amounts DayInCurrency,
    [property: JsonPropertyName("price_change_percentage_7d_in_currency")] Amounts WeekInCurrency,
    [property: JsonPropertyName("price_change_percentage_14d_in_currency")] Amounts TwoWeeksInCurrency,
    [property: JsonPropertyName("price_change_percentage_30d_in_currency")] Amounts MonthInCurrency,
    [property: JsonPropertyName("price_change_percentage_60d_in_currency")] Amounts TwoMonthsInCurrency,
    [property: JsonPropertyName("price_change_percentage_200d_in_currency")] Amounts In200DaysInCurrency,
    [property: JsonPropertyName("price_change_percentage_1y_in_currency")] Amounts YearInCurrency,
    [property: JsonPropertyName("market_cap_change_24h_in_currency")] Amounts MarketCapChangeInCurrency,
    [property: JsonPropertyName("market_cap_change_percentage_24h_in_currency")] Amounts MarketCapChangePercentageInCurrency,
    double? TotalSupply,
    double? MaxSupply,
    bool MaxSupplyInfinite,
    double? CirculatingSupply,
    [property: JsonPropertyName("sparkline_7d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    CoinGeckoSparkline? Sparkline = null,
    string? LastUpdated = null)
{
    /// <summary>Creates the market data of a row, which must have been read with all windows.</summary>
    public static CoinGeckoMarketData From(MarketPage page, MarketRow row)
    {
        var none = new Dictionary<string, double>(StringComparer.Ordinal);
        var noDates = new Dictionary<string, string>(StringComparer.Ordinal);
        return new(
            CurrentPrice: InAll(currency => page.Convert(row.Price, currency)),
            TotalValueLocked: null, McapToTvlRatio: null, FdvToTvlRatio: null, Roi: null, Ath: none, AthChangePercentage: none,
            AthDate: noDates, Atl: none, AtlChangePercentage: none, AtlDate: noDates,
            MarketCap: InAll(currency => page.Convert(row.MarketCap, currency)),
            MarketCapRank: row.Rank,
            MarketCapRankWithRehypothecated: null,
            FullyDilutedValuation: InAll(currency => page.Convert(row.FullyDiluted, currency)),
            MarketCapFdvRatio: row.MarketCap is > 0 && row.FullyDiluted is > 0 and var worth
                ? NumberColumns.Finite(Math.Round(row.MarketCap.Value / worth, 2)) : null,
            TotalVolume: InAll(currency => page.Convert(row.Volume, currency)),
            High: InAll(currency => page.Convert(row.High, currency)),
            Low: InAll(currency => page.Convert(row.Low, currency)),
            PriceChange: page.PriceDifference(row, PastWindow.Day, CurrencyRates.Usd),
            PriceChangePercentageDay: Change("24h", CurrencyRates.Usd),
            PriceChangePercentageWeek: Change("7d", CurrencyRates.Usd),
            PriceChangePercentageTwoWeeks: Change("14d", CurrencyRates.Usd),
            PriceChangePercentageMonth: Change("30d", CurrencyRates.Usd),
            PriceChangePercentageTwoMonths: Change("60d", CurrencyRates.Usd),
            PriceChangePercentage200Days: Change("200d", CurrencyRates.Usd),
            PriceChangePercentageYear: Change("1y", CurrencyRates.Usd),
            MarketCapChange: page.MarketCapDifference(row, PastWindow.Day, CurrencyRates.Usd),
            MarketCapChangePercentage: page.MarketCapChange(row, PastWindow.Day, CurrencyRates.Usd),
            PriceChangeInCurrency: InAll(currency => page.PriceDifference(row, PastWindow.Day, currency)),
            HourInCurrency: InAll(currency => Change("1h", currency)),
            DayInCurrency: InAll(currency => Change("24h", currency)),
            WeekInCurrency: InAll(currency => Change("7d", currency)),
            TwoWeeksInCurrency: InAll(currency => Change("14d", currency)),
            MonthInCurrency: InAll(currency => Change("30d", currency)),
            TwoMonthsInCurrency: InAll(currency => Change("60d", currency)),
            In200DaysInCurrency: InAll(currency => Change("200d", currency)),
            YearInCurrency: InAll(currency => Change("1y", currency)),
            MarketCapChangeInCurrency: InAll(currency => page.MarketCapDifference(row, PastWindow.Day, currency)),
            MarketCapChangePercentageInCurrency: InAll(currency => page.MarketCapChange(row, PastWindow.Day, currency)),
            TotalSupply: row.Supply.Total,
            MaxSupply: row.Supply.Max,
            MaxSupplyInfinite: false,
            CirculatingSupply: row.Supply.Circulating,
            Sparkline: row.Sparkline is null ? null : new(row.Sparkline),
            LastUpdated: VendorTime.CoinGecko(row.QuotedAt));

        double? Change(string window, string currency) => page.PriceChange(row, PastWindow.Find(window)!, currency);

        Dictionary<string, double> InAll(Func<string, double?> amount) => page.Rates.Codes
            .Select(currency => (Currency: currency, Amount: amount(currency)))
            .Where(known => known.Amount is not null)
            .ToDictionary(known => known.Currency, known => known.Amount!.Value, StringComparer.Ordinal);
    }
}
