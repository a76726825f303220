using Kasparro.Api.Catalogue;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads prices as <c>/simple</c> shows them.</summary>
internal sealed class SimpleReader(MarketReader markets)
{
    /// <summary>Reads prices by id, name or symbol.</summary>
    /// <exception cref="VendorException">A parameter is missing.</exception>
    public Task<RenderedPage> ReadPricesAsync(SimplePriceRequest request, bool isMirror)
    {
        var selection = new MarketSelection(SourceNames.CoinGecko, isMirror)
        {
            Ids = CoinGeckoParameters.List(request.Ids),
            Names = CoinGeckoParameters.List(request.Names),
            Symbols = CoinGeckoParameters.List(request.Symbols),
            IsEveryToken = request.IncludeTokens?.Trim().Equals("all", StringComparison.OrdinalIgnoreCase) is true,
        };
        if (selection.IsAll)
        {
            throw CoinGeckoParameters.Missing("ids");
        }

        return ReadAsync(
            selection, request.Currencies, request.IncludeMarketCap, request.IncludeVolume, request.IncludeChange,
            request.IncludeLastUpdatedAt, request.Precision);
    }

    /// <summary>Reads prices by contract.</summary>
    /// <exception cref="VendorException">A parameter is missing.</exception>
    public Task<RenderedPage> ReadTokenPricesAsync(TokenPriceRequest request, bool isMirror)
    {
        var addresses = CoinGeckoParameters.List(request.Addresses) ?? throw CoinGeckoParameters.Missing("contract_addresses");
        var selection = new MarketSelection(SourceNames.CoinGecko, isMirror)
        {
            Addresses =
            [
                .. addresses.Select(address => TokenContract.From(request.Platform, address)?.Address ?? address)
                    .Distinct(StringComparer.Ordinal),
            ],
            Platforms = PlatformMap.Candidates(VendorParameters.Clean(request.Platform)),
        };
        return ReadAsync(
            selection, request.Currencies, request.IncludeMarketCap, request.IncludeVolume, request.IncludeChange,
            request.IncludeLastUpdatedAt, request.Precision);
    }

    /// <summary>Reads the codes of the currencies.</summary>
    public async Task<RenderedPage> ReadCurrenciesAsync()
    {
        var read = await markets.ReadAsync(_ => "SELECT 1 WHERE false", _ => 0);
        return RenderedPage.Create(read.Stamp, read.Rates.Codes, ApiJson.Relaxed.IReadOnlyListString);
    }

    private async Task<RenderedPage> ReadAsync(
        MarketSelection selection, string? vsCurrencies, string? withMarketCap, string? withVolume, string? withChange, string? withTime,
        string? precision)
    {
        var currencies = CoinGeckoParameters.List(vsCurrencies?.ToLowerInvariant()) ?? throw CoinGeckoParameters.Missing("vs_currencies");
        var hasChange = CoinGeckoParameters.IsTrue(withChange);
        var page = await markets.ReadAsync(hasChange ? selection with { Windows = [PastWindow.Day], Currencies = currencies } : selection);
        var prices = new Dictionary<string, IReadOnlyDictionary<string, double?>>(StringComparer.Ordinal);
        foreach (var row in page.Rows)
        {
            prices[row.Asked ?? row.Id] = GetPrices(row);
        }

        return RenderedPage.Create(page.Stamp, prices, ApiJson.Relaxed.PricesByCoin);

        Dictionary<string, double?> GetPrices(MarketRow row)
        {
            // As at CoinGecko, a coin without a price is listed without values; a currency without a rate is left out.
            var values = new Dictionary<string, double?>(StringComparer.Ordinal);
            foreach (var currency in row.Price is null ? [] : currencies.Where(page.Rates.Knows))
            {
                values[currency] = CoinGeckoParameters.Round(page.Convert(row.Price, currency), precision);
                Add(CoinGeckoParameters.IsTrue(withMarketCap), $"{currency}_market_cap", page.Convert(row.MarketCap, currency));
                Add(CoinGeckoParameters.IsTrue(withVolume), $"{currency}_24h_vol", page.Convert(row.Volume, currency));
                Add(hasChange, $"{currency}_24h_change", page.PriceChange(row, PastWindow.Day, currency));
            }

            Add(CoinGeckoParameters.IsTrue(withTime), "last_updated_at", row.QuotedAt is { } at
                ? new DateTimeOffset(at).ToUnixTimeSeconds() : null);
            return values;

            void Add(bool isAsked, string name, double? value)
            {
                if (isAsked)
                {
                    values[name] = value;
                }
            }
        }
    }
}
