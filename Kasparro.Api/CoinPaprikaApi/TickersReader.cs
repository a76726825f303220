using Kasparro.Api.Catalogue;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Coins with their prices.</summary>
internal sealed class TickersReader(MarketReader markets)
{
    private const int MaxQuotes = 3;

    private static readonly string[] Windows = ["15m", "30m", "1h", "6h", "12h", "24h", "7d", "30d", "1y"];
    private static readonly IReadOnlyList<PastWindow> Past = [.. Windows.Select(name => PastWindow.Find(name)!)];

    /// <summary>All tickers, by rank.</summary>
    /// <exception cref="VendorException">A currency is not known, or there are too many.</exception>
    public async Task<RenderedPage> ReadAllAsync(TickersRequest request, bool isMirror)
    {
        var quotes = QuotesOf(request.Quotes);
        var page = await markets.ReadAsync(
            new MarketSelection(SourceNames.CoinPaprika, isMirror) { Order = MarketOrder.Rank, Windows = isMirror ? [] : Past });
        IReadOnlyList<PaprikaTicker> tickers = [.. page.Rows.Select(row => Show(page, row, quotes))];
        return CoinPaprikaJson.Render(page.Stamp, tickers, CoinPaprikaJson.Relaxed.IReadOnlyListPaprikaTicker);
    }

    /// <summary>One ticker.</summary>
    /// <exception cref="VendorException">There is none, a currency is not known, or there are too many.</exception>
    public async Task<RenderedPage> ReadAsync(TickerRequest request, bool isMirror)
    {
        var quotes = QuotesOf(request.Quotes);
        var page = await markets.ReadAsync(
            new MarketSelection(SourceNames.CoinPaprika, isMirror)
            {
                Ids = [request.Id.Replace("\0", "", StringComparison.Ordinal)],
                Windows = Past,
            });
        return page.Rows is [var row, ..]
            ? CoinPaprikaJson.Render(page.Stamp, Show(page, row, quotes), CoinPaprikaJson.Relaxed.PaprikaTicker)
            : throw NotFound();
    }

    /// <summary>The asset of an id.</summary>
    /// <exception cref="VendorException">There is none.</exception>
    public async Task<MarketRow> FindAsync(string id, bool isMirror)
    {
        var page = await markets.ReadAsync(
            new MarketSelection(SourceNames.CoinPaprika, isMirror) { Ids = [id.Replace("\0", "", StringComparison.Ordinal)] });
        return page.Rows is [var row, ..] ? row : throw NotFound();
    }

    /// <summary>The error of an id that names no coin.</summary>
    public static VendorException NotFound() => new(StatusCodes.Status404NotFound, "id not found");

    /// <summary>The error of a parameter that is wrong.</summary>
    public static VendorException Invalid() => new(StatusCodes.Status400BadRequest, "Invalid parameters");

    private static IReadOnlyList<string> QuotesOf(string? text)
    {
        var quotes = text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(quote => quote.ToLowerInvariant()).Distinct(StringComparer.Ordinal).ToList();
        return quotes switch
        {
            null or [] => [CurrencyRates.Usd],
            { Count: > MaxQuotes } => throw new VendorException(StatusCodes.Status400BadRequest, "Max number of quotes is 3"),
            _ => quotes,
        };
    }

    private static PaprikaTicker Show(MarketPage page, MarketRow row, IReadOnlyList<string> quotes) => new(
        row.Id, row.Name, row.Symbol, row.Rank ?? 0, row.Supply.Circulating, row.Supply.Total, row.Supply.Max, BetaValue: null,
            FirstDataAt: null,
        CoinPaprikaJson.Time(row.QuotedAt),
        quotes.ToDictionary(
            quote => quote.ToUpperInvariant(),
            quote => page.Rates.PerDollar(quote) is null ? throw Invalid() : QuoteOf(page, row, quote),
            StringComparer.Ordinal));

    private static PaprikaQuote QuoteOf(MarketPage page, MarketRow row, string currency) => new()
    {
        Price = page.Convert(row.Price, currency),
        Volume = page.Convert(row.Volume, currency),
        VolumeChange = Rounded(page.VolumeChange(row, PastWindow.Day, currency)),
        MarketCap = page.Convert(row.MarketCap, currency),
        MarketCapChange = Rounded(page.MarketCapChange(row, PastWindow.Day, currency)),
        QuarterHour = Change(page, row, 0, currency),
        HalfHour = Change(page, row, 1, currency),
        Hour = Change(page, row, 2, currency),
        SixHours = Change(page, row, 3, currency),
        HalfDay = Change(page, row, 4, currency),
        Day = Change(page, row, 5, currency),
        Week = Change(page, row, 6, currency),
        Month = Change(page, row, 7, currency),
        Year = Change(page, row, 8, currency),
    };

    private static double? Change(MarketPage page, MarketRow row, int window, string currency) =>
        Rounded(page.PriceChange(row, Past[window], currency));

    private static double? Rounded(double? percent) => percent is { } value ? Math.Round(value, 2) : null;
}
