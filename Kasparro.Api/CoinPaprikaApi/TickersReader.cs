using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Reads coins with their prices.</summary>
internal sealed class TickersReader(MarketReader markets)
{
    private const int MaxQuotes = 3;

    private static readonly PastWindow[] Windows =
    [
        PastWindow.QuarterHour, PastWindow.HalfHour, PastWindow.Hour, PastWindow.SixHours, PastWindow.HalfDay, PastWindow.Day,
        PastWindow.Week, PastWindow.Month, PastWindow.Year,
    ];

    /// <summary>Reads all tickers, by rank.</summary>
    /// <exception cref="VendorException">A currency is not known, or there are too many.</exception>
    public async Task<RenderedPage> ReadAllAsync(TickersRequest request, bool isMirror)
    {
        var quotes = ParseQuotes(request.Quotes);
        var page = await markets.ReadAsync(
            new MarketSelection(SourceNames.CoinPaprika, isMirror)
            {
                Order = MarketOrder.Rank,
                Windows = isMirror ? [] : Windows,
                Currencies = quotes,
            });
        IReadOnlyList<PaprikaTicker> tickers = [.. page.Rows.Select(row => Show(page, row, quotes))];
        return RenderedPage.Create(page.Stamp, tickers, ApiJson.Relaxed.IReadOnlyListPaprikaTicker);
    }

    /// <summary>Reads one ticker.</summary>
    /// <exception cref="VendorException">There is no such coin, a currency is not known, or there are too many.</exception>
    public async Task<RenderedPage> ReadAsync(TickerRequest request, bool isMirror)
    {
        var quotes = ParseQuotes(request.Quotes);
        var page = await markets.ReadAsync(
            new MarketSelection(SourceNames.CoinPaprika, isMirror)
            {
                Ids = [VendorParameters.Clean(request.Id)],
                Windows = Windows,
                Currencies = quotes,
            });
        return page.Rows is [var row, ..]
            ? RenderedPage.Create(page.Stamp, Show(page, row, quotes), ApiJson.Relaxed.PaprikaTicker)
            : throw CoinPaprikaParameters.NotFound();
    }

    private static IReadOnlyList<string> ParseQuotes(string? text)
    {
        var quotes = CommaList.Split(text ?? "").Select(quote => quote.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        return quotes switch
        {
            [] => [CurrencyRates.Usd],
            { Count: > MaxQuotes } => throw new VendorException(StatusCodes.Status400BadRequest, "Max number of quotes is 3"),
            _ => quotes,
        };
    }

    private static PaprikaTicker Show(MarketPage page, MarketRow row, IReadOnlyList<string> quotes) => new(
        row.Id, row.Name, row.Symbol, row.Rank ?? 0, row.Supply.Circulating, row.Supply.Total, row.Supply.Max, BetaValue: null,
            FirstDataAt: null,
        VendorTime.CoinPaprika(row.QuotedAt),
        quotes.ToDictionary(
            quote => quote.ToUpperInvariant(),
            quote => page.Rates.Knows(quote) ? CreateQuote(page, row, quote) : throw CoinPaprikaParameters.Invalid(),
            StringComparer.Ordinal));

    private static PaprikaQuote CreateQuote(MarketPage page, MarketRow row, string currency) => new(
        Price: page.Convert(row.Price, currency),
        Volume: page.Convert(row.Volume, currency),
        VolumeChange: Rounded(page.VolumeChange(row, PastWindow.Day, currency)),
        MarketCap: page.Convert(row.MarketCap, currency),
        MarketCapChange: Rounded(page.MarketCapChange(row, PastWindow.Day, currency)),
        QuarterHour: Change(page, row, PastWindow.QuarterHour, currency),
        HalfHour: Change(page, row, PastWindow.HalfHour, currency),
        Hour: Change(page, row, PastWindow.Hour, currency),
        SixHours: Change(page, row, PastWindow.SixHours, currency),
        HalfDay: Change(page, row, PastWindow.HalfDay, currency),
        Day: Change(page, row, PastWindow.Day, currency),
        Week: Change(page, row, PastWindow.Week, currency),
        Month: Change(page, row, PastWindow.Month, currency),
        Year: Change(page, row, PastWindow.Year, currency));

    private static double? Change(MarketPage page, MarketRow row, PastWindow window, string currency) =>
        Rounded(page.PriceChange(row, window, currency));

    private static double? Rounded(double? percent) => percent is { } value ? Math.Round(value, 2) : null;
}
