using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>A request for coins with their markets.</summary>
internal sealed record MarketsRequest(
    [property: FromQuery(Name = "vs_currency"), Description("The currency of all amounts. Required.")] string? Currency = null,
    [property: FromQuery(Name = "ids"), Description("Coins' ids, with commas between them; an asset's id is one, too.")] string? Ids = null,
    [property: FromQuery(Name = "names"), Description("Coins' names, with commas between them.")] string? Names = null,
    [property: FromQuery(Name = "symbols"), Description("Coins' symbols, with commas between them.")] string? Symbols = null,
    [property: FromQuery(Name = "include_tokens"),
        Description("all for every coin with a symbol; top by default.")] string? IncludeTokens = null,
    [property: FromQuery(Name = "category"), Description("Categories are not kept: with one, no coin is found.")] string? Category = null,
    [property: FromQuery(Name = "order"), Description("The order; market_cap_desc by default, also for any other value.")]
    [property: AllowedValues("market_cap_asc", "market_cap_desc", "volume_asc", "volume_desc", "id_asc", "id_desc")]
    string? Order = null,
    [property: FromQuery(Name = "per_page"), Description("Coins a page, 1 to 250; 100 by default.")] string? PerPage = null,
    [property: FromQuery(Name = "page"), Description("The page, from 1.")] string? Page = null,
    [property: FromQuery(Name = "sparkline"), Description("true for the hourly prices of seven days.")] string? Sparkline = null,
    [property: FromQuery(Name = "price_change_percentage"), Description("1h, 24h, 7d, 14d, 30d, 200d, 1y, with commas between them.")]
    string? PriceChangePercentage = null,
    [property: FromQuery(Name = "locale"), Description("Ignored: names are not translated.")] string? Locale = null,
    [property: FromQuery(Name = "precision"), Description("Decimal places of prices, or full.")] string? Precision = null,
    [property: FromQuery(Name = "include_rehypothecated"), Description("Ignored.")] string? IncludeRehypothecated = null);
