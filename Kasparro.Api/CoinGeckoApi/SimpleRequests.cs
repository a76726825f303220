using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>A request for prices by id, name or symbol.</summary>
internal sealed record SimplePriceRequest(
    [property: FromQuery(Name = "vs_currencies"), Description("Currencies, with commas between them. Required.")]
    string? Currencies = null,
    [property: FromQuery(Name = "ids"), Description("Coins' ids, with commas between them; an asset's id is one, too.")]
    string? Ids = null,
    [property: FromQuery(Name = "names"), Description("Coins' names, with commas between them; the largest of each name.")]
    string? Names = null,
    [property: FromQuery(Name = "symbols"), Description("Coins' symbols, with commas between them; the largest of each symbol.")]
    string? Symbols = null,
    [property: FromQuery(Name = "include_tokens"), Description("all for every coin with a symbol, by its id; top by default.")]
    string? IncludeTokens = null,
    [property: FromQuery(Name = "include_market_cap"), Description("true for the market capitalisation.")] string? IncludeMarketCap = null,
    [property: FromQuery(Name = "include_24hr_vol"), Description("true for the volume of 24 hours.")] string? IncludeVolume = null,
    [property: FromQuery(Name = "include_24hr_change"),
        Description("true for the change over 24 hours in per cent.")] string? IncludeChange = null,
    [property: FromQuery(Name = "include_last_updated_at"), Description("true for the time of the price, in Unix seconds.")]
    string? IncludeLastUpdatedAt = null,
    [property: FromQuery(Name = "precision"), Description("Decimal places of prices, or full.")] string? Precision = null);

/// <summary>A request for prices by contract.</summary>
internal sealed record TokenPriceRequest(
    [property: FromRoute(Name = "platform"), Description("The platform by CoinGecko's id, such as ethereum.")] string Platform,
    [property: FromQuery(Name = "contract_addresses"), Description("Addresses, with commas between them. Required.")] string? Addresses =
        null,
    [property: FromQuery(Name = "vs_currencies"), Description("Currencies, with commas between them. Required.")] string? Currencies = null,
    [property: FromQuery(Name = "include_market_cap"), Description("true for the market capitalisation.")] string? IncludeMarketCap = null,
    [property: FromQuery(Name = "include_24hr_vol"), Description("true for the volume of 24 hours.")] string? IncludeVolume = null,
    [property: FromQuery(Name = "include_24hr_change"),
        Description("true for the change over 24 hours in per cent.")] string? IncludeChange = null,
    [property: FromQuery(Name = "include_last_updated_at"), Description("true for the time of the price, in Unix seconds.")]
    string? IncludeLastUpdatedAt = null,
    [property: FromQuery(Name = "precision"), Description("Decimal places of prices, or full.")] string? Precision = null);
