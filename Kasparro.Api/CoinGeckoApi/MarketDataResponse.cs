using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Api.Vendors;
using Amounts = System.Collections.Generic.IReadOnlyDictionary<string, double>;

namespace Kasparro.Api.CoinGeckoApi;

[Description("The market of a coin. Amounts are by currency; those that are not known are absent.")]
internal sealed record CoinGeckoMarketData
{
    public required Amounts CurrentPrice { get; init; }

    public double? TotalValueLocked { get; init; }

    public double? McapToTvlRatio { get; init; }

    public double? FdvToTvlRatio { get; init; }

    public JsonObject? Roi { get; init; }

    public Amounts Ath { get; init; } = None;

    public Amounts AthChangePercentage { get; init; } = None;

    public IReadOnlyDictionary<string, string> AthDate { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public Amounts Atl { get; init; } = None;

    public Amounts AtlChangePercentage { get; init; } = None;

    public IReadOnlyDictionary<string, string> AtlDate { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public required Amounts MarketCap { get; init; }

    public int? MarketCapRank { get; init; }

    public int? MarketCapRankWithRehypothecated { get; init; }

    public required Amounts FullyDilutedValuation { get; init; }

    public double? MarketCapFdvRatio { get; init; }

    public required Amounts TotalVolume { get; init; }

    [JsonPropertyName("high_24h")]
    public required Amounts High { get; init; }

    [JsonPropertyName("low_24h")]
    public required Amounts Low { get; init; }

    [JsonPropertyName("price_change_24h")]
    public double? PriceChange { get; init; }

    [JsonPropertyName("price_change_percentage_24h")]
    public double? PriceChangePercentageDay { get; init; }

    [JsonPropertyName("price_change_percentage_7d")]
    public double? PriceChangePercentageWeek { get; init; }

    [JsonPropertyName("price_change_percentage_14d")]
    public double? PriceChangePercentageTwoWeeks { get; init; }

    [JsonPropertyName("price_change_percentage_30d")]
    public double? PriceChangePercentageMonth { get; init; }

    [JsonPropertyName("price_change_percentage_60d")]
    public double? PriceChangePercentageTwoMonths { get; init; }

    [JsonPropertyName("price_change_percentage_200d")]
    public double? PriceChangePercentage200Days { get; init; }

    [JsonPropertyName("price_change_percentage_1y")]
    public double? PriceChangePercentageYear { get; init; }

    [JsonPropertyName("market_cap_change_24h")]
    public double? MarketCapChange { get; init; }

    [JsonPropertyName("market_cap_change_percentage_24h")]
    public double? MarketCapChangePercentage { get; init; }

    [JsonPropertyName("price_change_24h_in_currency")]
    public required Amounts PriceChangeInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_1h_in_currency")]
    public required Amounts HourInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_24h_in_currency")]
    public required Amounts DayInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_7d_in_currency")]
    public required Amounts WeekInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_14d_in_currency")]
    public required Amounts TwoWeeksInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_30d_in_currency")]
    public required Amounts MonthInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_60d_in_currency")]
    public required Amounts TwoMonthsInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_200d_in_currency")]
    public required Amounts In200DaysInCurrency { get; init; }

    [JsonPropertyName("price_change_percentage_1y_in_currency")]
    public required Amounts YearInCurrency { get; init; }

    [JsonPropertyName("market_cap_change_24h_in_currency")]
    public required Amounts MarketCapChangeInCurrency { get; init; }

    [JsonPropertyName("market_cap_change_percentage_24h_in_currency")]
    public required Amounts MarketCapChangePercentageInCurrency { get; init; }

    public double? TotalSupply { get; init; }

    public double? MaxSupply { get; init; }

    public bool MaxSupplyInfinite { get; init; }

    public double? CirculatingSupply { get; init; }

    [JsonPropertyName("sparkline_7d"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CoinGeckoSparkline? Sparkline { get; init; }

    public string? LastUpdated { get; init; }

    private static Dictionary<string, double> None => new(StringComparer.Ordinal);

    /// <summary>Creates the market data of a row, which must have been read with all windows.</summary>
    public static CoinGeckoMarketData From(MarketPage page, MarketRow row)
    {
        var windows = PastWindow.All.ToDictionary(window => window.Name, StringComparer.Ordinal);
        return new()
        {
            CurrentPrice = InAll(currency => page.Convert(row.Price, currency)),
            MarketCap = InAll(currency => page.Convert(row.MarketCap, currency)),
            MarketCapRank = row.Rank,
            FullyDilutedValuation = InAll(currency => page.Convert(row.FullyDiluted, currency)),
            MarketCapFdvRatio = row.MarketCap is > 0 && row.FullyDiluted is > 0 and var worth
                ? NumberColumns.Finite(Math.Round(row.MarketCap.Value / worth, 2)) : null,
            TotalVolume = InAll(currency => page.Convert(row.Volume, currency)),
            High = InAll(currency => page.Convert(row.High, currency)),
            Low = InAll(currency => page.Convert(row.Low, currency)),
            PriceChange = page.PriceDifference(row, PastWindow.Day, CurrencyRates.Usd),
            PriceChangePercentageDay = Change("24h", CurrencyRates.Usd),
            PriceChangePercentageWeek = Change("7d", CurrencyRates.Usd),
            PriceChangePercentageTwoWeeks = Change("14d", CurrencyRates.Usd),
            PriceChangePercentageMonth = Change("30d", CurrencyRates.Usd),
            PriceChangePercentageTwoMonths = Change("60d", CurrencyRates.Usd),
            PriceChangePercentage200Days = Change("200d", CurrencyRates.Usd),
            PriceChangePercentageYear = Change("1y", CurrencyRates.Usd),
            MarketCapChange = page.MarketCapDifference(row, PastWindow.Day, CurrencyRates.Usd),
            MarketCapChangePercentage = page.MarketCapChange(row, PastWindow.Day, CurrencyRates.Usd),
            PriceChangeInCurrency = InAll(currency => page.PriceDifference(row, PastWindow.Day, currency)),
            HourInCurrency = InAll(currency => Change("1h", currency)),
            DayInCurrency = InAll(currency => Change("24h", currency)),
            WeekInCurrency = InAll(currency => Change("7d", currency)),
            TwoWeeksInCurrency = InAll(currency => Change("14d", currency)),
            MonthInCurrency = InAll(currency => Change("30d", currency)),
            TwoMonthsInCurrency = InAll(currency => Change("60d", currency)),
            In200DaysInCurrency = InAll(currency => Change("200d", currency)),
            YearInCurrency = InAll(currency => Change("1y", currency)),
            MarketCapChangeInCurrency = InAll(currency => page.MarketCapDifference(row, PastWindow.Day, currency)),
            MarketCapChangePercentageInCurrency = InAll(currency => page.MarketCapChange(row, PastWindow.Day, currency)),
            TotalSupply = row.Supply.Total,
            MaxSupply = row.Supply.Max,
            CirculatingSupply = row.Supply.Circulating,
            Sparkline = row.Sparkline is null ? null : new(row.Sparkline),
            LastUpdated = VendorTime.CoinGecko(row.QuotedAt),
        };

        double? Change(string window, string currency) => page.PriceChange(row, windows[window], currency);

        Dictionary<string, double> InAll(Func<string, double?> amount) => page.Rates.Codes
            .Select(currency => (Currency: currency, Amount: amount(currency)))
            .Where(known => known.Amount is not null)
            .ToDictionary(known => known.Currency, known => known.Amount!.Value, StringComparer.Ordinal);
    }
}
