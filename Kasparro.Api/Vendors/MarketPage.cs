using Kasparro.Api.Catalogue;
using static Kasparro.Api.Postgres.NumberColumns;

namespace Kasparro.Api.Vendors;

/// <summary>Rows of one state of the catalogue, with the rates to convert them.</summary>
/// <param name="Stamp">The catalogue's state.</param>
/// <param name="Rates">The newest rates.</param>
/// <param name="PastRates">The rates at each window's time in the past; if they are not known, the dollar only.</param>
/// <param name="Windows">The windows of the past quotes.</param>
/// <param name="Rows">The rows.</param>
/// <param name="Coins">The coins that are currencies, with their past quotes: a stored rate can be a day older than its time.</param>
internal sealed record MarketPage(
    CatalogueStamp Stamp,
    CurrencyRates Rates,
    IReadOnlyList<CurrencyRates> PastRates,
    IReadOnlyList<PastWindow> Windows,
    IReadOnlyList<MarketRow> Rows,
    IReadOnlyList<MarketRow> Coins)
{
    /// <summary>Converts an amount into a currency; null if the amount or the rate is not known.</summary>
    public double? Convert(double? dollars, string currency) => Rates.Convert(dollars, currency);

    /// <summary>Computes the change of a price over a window, in a currency and in per cent; null if the past price is not known.</summary>
    public double? PriceChange(MarketRow row, PastWindow window, string currency) =>
        Percent(Convert(row.Price, currency), Past(row, window, currency, past => past.Price));

    /// <summary>Computes the change of a market capitalisation, in per cent.</summary>
    public double? MarketCapChange(MarketRow row, PastWindow window, string currency) =>
        Percent(Convert(row.MarketCap, currency), Past(row, window, currency, past => past.MarketCap));

    /// <summary>Computes the change of a volume, in per cent.</summary>
    public double? VolumeChange(MarketRow row, PastWindow window, string currency) =>
        Percent(Convert(row.Volume, currency), Past(row, window, currency, past => past.Volume));

    /// <summary>Computes the change of a price as an amount.</summary>
    public double? PriceDifference(MarketRow row, PastWindow window, string currency) =>
        Finite(Convert(row.Price, currency) - Past(row, window, currency, past => past.Price));

    /// <summary>Computes the change of a market capitalisation as an amount.</summary>
    public double? MarketCapDifference(MarketRow row, PastWindow window, string currency) =>
        Finite(Convert(row.MarketCap, currency) - Past(row, window, currency, past => past.MarketCap));

    private double? Past(MarketRow row, PastWindow window, string currency, Func<PastQuote, double?> amount)
    {
        for (var index = 0; index < row.Past.Count; index++)
        {
            if (Windows[index] == window)
            {
                return ConvertPast(amount(row.Past[index]), index, currency);
            }
        }

        return null;
    }

    private double? ConvertPast(double? dollars, int index, string currency)
    {
        var (id, units) = CurrencyRates.Coins.GetValueOrDefault(currency);
        return Coins.FirstOrDefault(coin => coin.Id == id)?.Past.ElementAtOrDefault(index)?.Price is > 0 and var price
            ? dollars / price * units
            : PastRates[index].Convert(dollars, currency);
    }

    private static double? Percent(double? now, double? past) => past is null or 0 ? null : Finite((now - past) / past * 100);
}
