using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>A request for one coin.</summary>
internal sealed record CoinByIdRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id);

/// <summary>A request for all tickers.</summary>
internal sealed record TickersRequest(
    [property: FromQuery(Name = "quotes"),
        Description("Up to three currencies, with commas between them; USD by default.")] string? Quotes = null);

/// <summary>A request for one ticker.</summary>
internal sealed record TickerRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "quotes"),
        Description("Up to three currencies, with commas between them; USD by default.")] string? Quotes = null);

/// <summary>A request for a coin's past tickers.</summary>
internal sealed record TicksRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "start"), Description("The start: a date, RFC 3339, or Unix seconds. Required.")] string? Start = null,
    [property: FromQuery(Name = "end"), Description("The end; now by default.")] string? End = null,
    [property: FromQuery(Name = "limit"), Description("Points at the most, 1 to 5000; 1000 by default.")] string? Limit = null,
    [property: FromQuery(Name = "quote"), Description("The currency; usd by default.")] string? Quote = null,
    [property: FromQuery(Name = "interval"), Description("The time between points; 5m by default.")]
    [property: AllowedValues("5m", "10m", "15m", "30m", "45m", "1h", "2h", "3h", "6h", "12h", "24h", "1d", "7d", "14d", "30d", "90d",
        "365d")]
    string? Interval = null);

/// <summary>A request for a coin's candles.</summary>
internal sealed record OhlcvRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "start"), Description("The start: a date, RFC 3339, or Unix seconds. Required.")] string? Start = null,
    [property: FromQuery(Name = "end"), Description("The end; now by default.")] string? End = null,
    [property: FromQuery(Name = "limit"), Description("Candles at the most, 1 to 366; 366 by default.")] string? Limit = null,
    [property: FromQuery(Name = "quote"), Description("The currency; usd by default.")] string? Quote = null,
    [property: FromQuery(Name = "interval"), Description("The candles' length; 24h by default.")]
    [property: AllowedValues("1h", "6h", "12h", "24h", "1d", "7d", "14d", "30d", "90d", "365d")]
    string? Interval = null);

/// <summary>A request for everything that contains a text.</summary>
internal sealed record PaprikaSearchRequest(
    [property: FromQuery(Name = "q"), Description("A part of a name or a symbol. Required.")] string? Query = null,
    [property: FromQuery(Name = "c"), Description("Categories, with commas between them; only currencies are kept.")] string? Categories =
        null,
    [property: FromQuery(Name = "modifier"), Description("symbol_search for the coins with just this symbol.")] string? Modifier = null,
    [property: FromQuery(Name = "limit"), Description("Results a category, 1 to 250; 6 by default.")] string? Limit = null);

/// <summary>A request for the contracts of a platform.</summary>
internal sealed record PlatformContractsRequest(
    [property: FromRoute(Name = "platform"), Description("The platform by CoinPaprika's id, such as eth-ethereum.")] string Platform);

/// <summary>A request for the ticker of a contract.</summary>
internal sealed record ContractTickerRequest(
    [property: FromRoute(Name = "platform"), Description("The platform by CoinPaprika's id, such as eth-ethereum.")] string Platform,
    [property: FromRoute(Name = "address"), Description("The contract's address.")] string Address);

/// <summary>A request for coins' ids at other vendors.</summary>
internal sealed record PaprikaMappingsRequest(
    [property: FromQuery(Name = "coinpaprika"), Description("Only the coin with this id at CoinPaprika.")] string? CoinPaprika = null,
    [property: FromQuery(Name = "coingecko"), Description("Only the coin with this id at CoinGecko.")] string? CoinGecko = null,
    [property: FromQuery(Name = "coinmarketcap"), Description("None: ids of CoinMarketCap are not kept.")] string? CoinMarketCap = null,
    [property: FromQuery(Name = "cryptocompare"), Description("None: ids of CryptoCompare are not kept.")] string? CryptoCompare = null,
    [property: FromQuery(Name = "dti"), Description("None: DTIs are not kept here.")] string? Dti = null,
    [property: FromQuery(Name = "isin"), Description("None: ISINs are not kept here.")] string? Isin = null)
{
    /// <summary>Whether the request asks for a kind of id that no coin has here.</summary>
    public bool IsForNone => !string.IsNullOrWhiteSpace($"{CoinMarketCap}{CryptoCompare}{Dti}{Isin}");
}
