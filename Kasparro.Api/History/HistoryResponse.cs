using System.ComponentModel;
using System.Text.Json.Serialization;
using Kasparro.Api.Assets;

namespace Kasparro.Api.History;

[Description("An asset's price history as candles. Intervals without a quote are absent.")]
internal sealed record HistoryResponse(
    [property: Description("The asset.")] Guid AssetId,
    [property: Description("The source whose quotes these are.")] string Source,
    [property: Description(
        "The listing whose quotes these are: the one whose price the asset shows, or the best one of the source in the request.")]
        Guid ListingId,
    [property: Description("The candles' length.")] string Interval,
    [property: Description("Where the first interval begins, UTC.")] DateTime From,
    [property: Description("Where the last interval ends, UTC.")] DateTime To,
    [property: Description("The candles, the oldest first.")] IReadOnlyList<Candle> Points)
{
    public static HistoryResponse Example { get; } = new(
        AssetResponse.ExampleId, "coinpaprika", AssetResponse.ExampleId, "1d", AssetResponse.ExampleTime.Date.AddDays(-1),
        AssetResponse.ExampleTime.Date.AddDays(1),
        [new(AssetResponse.ExampleTime.Date.AddDays(-1), 0.6, 0.65, 0.59, 0.62, 144)]);
}

[Description("The prices of one interval, in US dollars.")]
internal sealed record Candle(
    [property: Description("When the interval begins, UTC.")] DateTime Time,
    [property: Description("The first price.")] double Open,
    [property: Description("The highest price.")] double High,
    [property: Description("The lowest price.")] double Low,
    [property: Description("The last price.")] double Close,
    [property: Description("How many quotes the candle comes from, at least 1.")] long Quotes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HistoryResponse))]
internal sealed partial class HistoryJson : JsonSerializerContext;
