using System.Text.Json;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads coins as <c>/coins/markets</c> shows them.</summary>
internal sealed class MarketsReader(MarketReader markets)
{
    private const int DefaultPerPage = 100;
    private const int MaxPerPage = 250;
    private const int MaxPage = 1_000_000;

    // The values that price_change_percentage accepts.
    private static readonly string[] Changes = ["1h", "24h", "7d", "14d", "30d", "200d", "1y"];

    /// <summary>Reads a page of coins.</summary>
    /// <exception cref="VendorException">The currency is missing or has no rate.</exception>
    public async Task<RenderedPage> ReadAsync(MarketsRequest request, VendorClient client)
    {
        var currency = CoinGeckoParameters.Currency(request.Currency);
        var asked = CoinGeckoParameters.List(request.PriceChangePercentage?.ToLowerInvariant()) ?? [];
        var changes = asked.Where(name => Changes.Contains(name, StringComparer.Ordinal)).Select(name => PastWindow.Find(name)!).ToList();
        IReadOnlyList<PastWindow> windows = [.. changes.Append(PastWindow.Day).Distinct()];
        var page = await markets.ReadAsync(CreateSelection(request, client.IsMirror) with { Windows = windows, Currencies = [currency] });
        if (!page.Rates.Knows(currency))
        {
            throw CoinGeckoParameters.Invalid("vs_currency");
        }

        IReadOnlyList<CoinGeckoMarket> coins = [.. page.Rows.Select(row => Show(page, row, currency, request.Precision, changes, client))];
        return RenderedPage.Create(page.Stamp, coins, ApiJson.Relaxed.IReadOnlyListCoinGeckoMarket);
    }

    private static MarketSelection CreateSelection(MarketsRequest request, bool isMirror)
    {
        var perPage = VendorParameters.Whole(request.PerPage, DefaultPerPage, MaxPerPage);
        var page = VendorParameters.Whole(request.Page, 1, MaxPage);
        var ids = string.IsNullOrWhiteSpace(request.Category) ? CoinGeckoParameters.List(request.Ids) : [];
        return new(SourceNames.CoinGecko, isMirror)
        {
            Ids = ids,
            Names = CoinGeckoParameters.List(request.Names),
            Symbols = CoinGeckoParameters.List(request.Symbols),
            IsEveryToken = request.IncludeTokens?.Trim().Equals("all", StringComparison.OrdinalIgnoreCase) is true,
            Order = request.Order?.Trim().ToLowerInvariant() switch
            {
                "market_cap_asc" => MarketOrder.MarketCapAscending,
                "volume_desc" => MarketOrder.VolumeDescending,
                "volume_asc" => MarketOrder.VolumeAscending,
                "id_desc" => MarketOrder.IdDescending,
                "id_asc" => MarketOrder.IdAscending,
                _ => MarketOrder.MarketCapDescending,
            },
            Limit = perPage,
            Offset = (page - 1L) * perPage,
            HasRange = true,
            HasLogo = true,
            HasSparkline = CoinGeckoParameters.IsTrue(request.Sparkline),
        };
    }

    private static CoinGeckoMarket Show(MarketPage page, MarketRow row, string currency, string? precision,
        IReadOnlyList<PastWindow> changes, VendorClient client) => new(
            Id: row.Id,
            Symbol: row.Symbol.ToLowerInvariant(),
            Name: row.Name,
            Image: client.FindLogo(row.AssetId, row.HasLogo) ?? CoinGeckoImage.NoLarge,
            CurrentPrice: CoinGeckoParameters.Round(page.Convert(row.Price, currency), precision),
            MarketCap: page.Convert(row.MarketCap, currency),
            MarketCapRank: row.Rank,
            FullyDilutedValuation: page.Convert(row.FullyDiluted, currency),
            TotalVolume: page.Convert(row.Volume, currency),
            High: CoinGeckoParameters.Round(page.Convert(row.High, currency), precision),
            Low: CoinGeckoParameters.Round(page.Convert(row.Low, currency), precision),
            PriceChange: page.PriceDifference(row, PastWindow.Day, currency),
            PriceChangePercentage: page.PriceChange(row, PastWindow.Day, currency),
            MarketCapChange: page.MarketCapDifference(row, PastWindow.Day, currency),
            MarketCapChangePercentage: page.MarketCapChange(row, PastWindow.Day, currency),
            CirculatingSupply: row.Supply.Circulating,
            TotalSupply: row.Supply.Total,
            MaxSupply: row.Supply.Max,
            LastUpdated: VendorTime.CoinGecko(row.QuotedAt),
            Sparkline: row.Sparkline is null
                ? null
                : new([.. row.Sparkline.Select(price => page.Convert(price, currency)).OfType<double>()]))
        {
            Changes = changes.Count == 0 ? null : changes.ToDictionary(
                window => $"price_change_percentage_{window.Name}_in_currency",
                window => JsonSerializer.SerializeToElement(page.PriceChange(row, window, currency), ApiJson.Relaxed.NullableDouble),
                StringComparer.Ordinal),
        };
}
