using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.History;

/// <summary>A request for an asset's price history.</summary>
internal sealed record HistoryRequest(
    [property: FromRoute(Name = "id"), Description(HistoryParameters.Id)]
    AssetIdentifier Id,
    [property: FromQuery(Name = "from"), Description(HistoryParameters.From)]
    UtcTime? From = null,
    [property: FromQuery(Name = "to"), Description(HistoryParameters.To)]
    UtcTime? To = null,
    [property: FromQuery(Name = "interval"), Description(HistoryParameters.Interval), DefaultValue("1d")]
    [property: AllowedValues("5m", "15m", "1h", "4h", "1d", "1w")]
    string? Interval = null,
    [property: FromQuery(Name = "source"), Description(HistoryParameters.Source)]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null,
    [property: FromQuery(Name = CurrencyCode.Name), Description(HistoryParameters.Currency), DefaultValue(CurrencyRates.Usd)]
    CurrencyCode? Currency = null) : IHistoryRequest;

/// <summary>A request for the price histories of several assets.</summary>
internal sealed record HistoriesRequest(
    [property: FromQuery(Name = "assets"), Description(
        "The assets: up to 100 ids of any vocabulary with commas between them, as in /resolve. The parameter may be given several times.")]
    [property: MinLength(1), Expected("must be ids with commas between them")]
    string[] Assets,
    [property: FromQuery(Name = "from"), Description(HistoryParameters.From)]
    UtcTime? From = null,
    [property: FromQuery(Name = "to"), Description(HistoryParameters.To)]
    UtcTime? To = null,
    [property: FromQuery(Name = "interval"), Description(HistoryParameters.Interval), DefaultValue("1d")]
    [property: AllowedValues("5m", "15m", "1h", "4h", "1d", "1w")]
    string? Interval = null,
    [property: FromQuery(Name = "source"), Description(HistoryParameters.Source)]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null,
    [property: FromQuery(Name = CurrencyCode.Name), Description(HistoryParameters.Currency), DefaultValue(CurrencyRates.Usd)]
    CurrencyCode? Currency = null) : IHistoryRequest
{
    /// <summary>The most assets.</summary>
    public const int MaxAssets = 100;

    /// <summary>The most candles of all assets together: some ten megabytes.</summary>
    public const int MaxPoints = 60_000;
}

/// <summary>A request for an asset's price at a time.</summary>
internal sealed record PriceAtRequest(
    [property: FromRoute(Name = "id"), Description(HistoryParameters.Id)]
    AssetIdentifier Id,
    [property: FromQuery(Name = "time"), Description("The time, UTC where it has no offset.")]
    UtcTime Time,
    [property: FromQuery(Name = "source"), Description(HistoryParameters.Source)]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null,
    [property: FromQuery(Name = CurrencyCode.Name), Description(HistoryParameters.Currency), DefaultValue(CurrencyRates.Usd)]
    CurrencyCode? Currency = null);

/// <summary>The texts that the parameters of histories share.</summary>
internal static class HistoryParameters
{
    public const string Id = "The asset's id, or its id in another vocabulary as in /assets/{id}, with slashes escaped.";
    public const string From = "The start, widened to a whole interval. By default 100 intervals before to.";
    public const string To = "The end, exclusive, widened to a whole interval. By default the current time.";
    public const string Interval = "The length of a candle. At most 4000 candles fit between from and to.";
    public const string Source = "The only source whose quotes count. By default those of all sources.";
    public const string Currency =
        "The currency of amounts, such as eur, converted by the rate of the candle's end: the newest of before it, else the oldest.";
}
