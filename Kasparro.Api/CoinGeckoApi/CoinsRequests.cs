using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>A request for the list of all coins.</summary>
internal sealed record CoinListRequest(
    [property: FromQuery(Name = "include_platform"), Description("true for the contracts of each coin.")] string? IncludePlatform = null,
    [property: FromQuery(Name = "status"), Description("inactive for the coins that CoinGecko no longer lists.")]
    [property: AllowedValues("active", "inactive")]
    string? Status = null);

/// <summary>A request for one coin.</summary>
internal sealed record CoinRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "localization"), Description("false leaves out the name in other languages, of which there is English.")]
    string? Localization = null,
    [property: FromQuery(Name = "tickers"), Description("false leaves out the empty list of markets.")] string? Tickers = null,
    [property: FromQuery(Name = "market_data"), Description("false leaves out prices.")] string? MarketData = null,
    [property: FromQuery(Name = "community_data"), Description("Ignored: there are none.")] string? CommunityData = null,
    [property: FromQuery(Name = "developer_data"), Description("Ignored: there are none.")] string? DeveloperData = null,
    [property: FromQuery(Name = "sparkline"), Description("true for the hourly prices of seven days.")] string? Sparkline = null);

/// <summary>A request for the coin of a contract.</summary>
internal sealed record ContractRequest(
    [property: FromRoute(Name = "platform"), Description("The platform by CoinGecko's id.")] string Platform,
    [property: FromRoute(Name = "address"), Description("The contract's address.")] string Address);

/// <summary>A request for a coin's chart.</summary>
internal sealed record ChartRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "vs_currency"), Description("The currency. Required.")] string? Currency = null,
    [property: FromQuery(Name = "days"), Description("Days back from now, or max. Required.")] string? Days = null,
    [property: FromQuery(Name = "interval"), Description("By default 5 minutes for a day, hours for 90 days, days for more.")]
    [property: AllowedValues("5m", "hourly", "daily")]
    string? Interval = null,
    [property: FromQuery(Name = "precision"), Description("Decimal places of prices, or full.")] string? Precision = null);

/// <summary>A request for a part of a coin's chart.</summary>
internal sealed record ChartRangeRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "vs_currency"), Description("The currency. Required.")] string? Currency = null,
    [property: FromQuery(Name = "from"), Description("The start, in Unix seconds or as a date. Required.")] string? From = null,
    [property: FromQuery(Name = "to"), Description("The end, in Unix seconds or as a date. Required.")] string? To = null,
    [property: FromQuery(Name = "interval"), Description("By default 5 minutes for a day, hours for 90 days, days for more.")]
    [property: AllowedValues("5m", "hourly", "daily")]
    string? Interval = null,
    [property: FromQuery(Name = "precision"), Description("Decimal places of prices, or full.")] string? Precision = null);

/// <summary>A request for a coin's candles.</summary>
internal sealed record CandlesRequest(
    [property: FromRoute(Name = "id"), Description("The coin's id; an asset's id is one, too.")] string Id,
    [property: FromQuery(Name = "vs_currency"), Description("The currency. Required.")] string? Currency = null,
    [property: FromQuery(Name = "days"), Description("Days back from now. Required."),
        AllowedValues("1", "7", "14", "30", "90", "180", "365", "max")]
    string? Days = null,
    [property: FromQuery(Name = "precision"), Description("Decimal places of prices, or full.")] string? Precision = null);

/// <summary>A request for the coins that contain a text.</summary>
internal sealed record SearchRequest(
    [property: FromQuery(Name = "query"), Description("A part of a name or a symbol. Required.")] string? Query = null);

/// <summary>A request for the platforms.</summary>
internal sealed record PlatformsRequest(
    [property: FromQuery(Name = "filter"), Description("nft for platforms of such; there are none.")] string? Filter = null);
