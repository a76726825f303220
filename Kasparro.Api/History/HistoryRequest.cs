using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Microsoft.AspNetCore.Mvc;

namespace Kasparro.Api.History;

/// <summary>A request for candles, of one or more assets.</summary>
internal abstract class CandleRequest
{
    [FromQuery(Name = "from")]
    [Description("The start, widened to a whole interval. By default 100 intervals before to.")]
    public UtcTime? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("The end, exclusive, widened to a whole interval. By default the current time.")]
    public UtcTime? To { get; init; }

    [FromQuery(Name = "interval")]
    [AllowedValues("5m", "15m", "1h", "4h", "1d", "1w")]
    [DefaultValue("1d")]
    [Description("The length of a candle. At most 4000 candles fit between from and to.")]
    public string? Interval { get; init; }

    [FromQuery(Name = "source")]
    [AllowedValues(SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.Csv)]
    [Description(HistoryParameters.Source)]
    public string? Source { get; init; }

    [FromQuery(Name = CurrencyCode.Name)]
    [Description(HistoryParameters.Currency)]
    public CurrencyCode? Currency { get; init; }
}

/// <summary>A request for an asset's price history.</summary>
internal sealed class HistoryRequest : CandleRequest
{
    [FromRoute(Name = "id")]
    [Description(HistoryParameters.Id)]
    public required AssetIdentifier Id { get; init; }
}

/// <summary>A request for the price histories of several assets.</summary>
internal sealed class HistoriesRequest : CandleRequest
{
    /// <summary>The maximum number of assets.</summary>
    public const int MaxAssets = 100;

    /// <summary>The maximum number of candles of all assets together, some ten megabytes.</summary>
    public const int MaxPoints = 60_000;

    [FromQuery(Name = "assets")]
    [MinLength(1)]
    [Expected("must be ids with commas between them")]
    [Description(
        "The assets: up to 100 ids of any vocabulary with commas between them, as in /resolve. The parameter may be given several times.")]
    public required string[] Assets { get; init; }
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
    [property: FromQuery(Name = CurrencyCode.Name), Description(HistoryParameters.Currency)]
    CurrencyCode? Currency = null);

/// <summary>Texts that are shared by requests for candles and for a price.</summary>
internal static class HistoryParameters
{
    public const string Id = "The asset's id, or its id in another vocabulary as in /assets/{id}, with slashes escaped.";
    public const string Source = "The only source whose quotes count. By default those of all sources.";
    public const string Currency =
        "The currency of amounts, such as eur, converted by the rate of the candle's end: the newest one before it, otherwise the oldest.";
}
