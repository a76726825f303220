using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.History;

/// <summary>A request for an asset's price history.</summary>
internal sealed record HistoryRequest(
    [property: FromRoute(Name = "id"),
        Description("The asset's id, or its id in another vocabulary as in /assets/{id}, with slashes escaped.")]
    AssetIdentifier Id,
    [property: FromQuery(Name = "from"), Description("The start, widened to a whole interval. By default 100 intervals before to.")]
    UtcTime? From = null,
    [property: FromQuery(Name = "to"), Description("The end, exclusive, widened to a whole interval. By default the current time.")]
    UtcTime? To = null,
    [property: FromQuery(Name = "interval"), Description("The length of a candle. At most 2000 candles fit between from and to."),
        DefaultValue("1d")]
    [property: AllowedValues("5m", "15m", "1h", "4h", "1d", "1w")]
    string? Interval = null,
    [property: FromQuery(Name = "source"), Description("The source of the quotes. By default the source of the asset's price.")]
    [property: AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    string? Source = null);
