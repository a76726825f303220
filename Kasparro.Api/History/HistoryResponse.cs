using System.ComponentModel;
using System.Text.Json.Serialization;
using Kasparro.Api.Assets;
using Kasparro.Api.Resolve;

namespace Kasparro.Api.History;

[Description("An asset's price history as candles. Each interval has one, is part of a gap, or is not over yet.")]
internal sealed record HistoryResponse(
    [property: Description("The asset.")] Guid AssetId,
    [property: Description("The source that is preferred: that of the asset's price, or the one in the request.")] string Source,
    [property: Description("The listing that is preferred: the one whose price the asset shows, or the best one of the source in the " +
        "request. Where it has no quote, the asset's next best listing that has one is taken; each point names its source.")]
        Guid ListingId,
    [property: Description("The candles' length.")] string Interval,
    [property: Description("Where the first interval begins, UTC.")] DateTime From,
    [property: Description("Where the last interval ends, UTC.")] DateTime To,
    [property: Description("The currency of amounts.")] string VsCurrency,
    [property: Description("The candles, the oldest first.")] IReadOnlyList<Candle> Points,
    [property: Description("The times without a candle, the oldest first: nothing is known of them, and nothing is filled in.")]
    IReadOnlyList<HistoryGap> Gaps)
{
    public static HistoryResponse Example { get; } = new(
        AssetResponse.ExampleId, "coinpaprika", AssetResponse.ExampleId, "1d", AssetResponse.ExampleTime.Date.AddDays(-3),
        AssetResponse.ExampleTime.Date.AddDays(1), "usd", [Candle.Example],
        [new(AssetResponse.ExampleTime.Date.AddDays(-3), Candle.Example.Time)]);
}

[Description("The prices of one interval. All amounts of a candle are of one listing.")]
internal sealed record Candle(
    [property: Description("When the interval begins, UTC.")] DateTime Time,
    [property: Description("The first price.")] double Open,
    [property: Description("The highest price.")] double High,
    [property: Description("The lowest price.")] double Low,
    [property: Description("The last price.")] double Close,
    [property: Description("The market capitalisation with the last price; null where the source gives none.")] double? MarketCap,
    [property: Description("The trading volume of the 24 hours before the last price; null where the source gives none."),
        JsonPropertyName("volume_24h")] double? Volume24h,
    [property: Description("How many quotes the candle comes from, at least 1.")] long Quotes,
    [property: Description("The source of the quotes.")] string Source)
{
    public static Candle Example { get; } =
        new(AssetResponse.ExampleTime.Date.AddDays(-1), 0.6, 0.65, 0.59, 0.62, 86_900_000, 12_300_000, 144, "coinpaprika");
}

[Description("A time without a candle.")]
internal sealed record HistoryGap(
    [property: Description("When the first interval of it begins, UTC.")] DateTime From,
    [property: Description("When the last interval of it ends, UTC.")] DateTime To);

[Description("The price histories of several assets.")]
internal sealed record HistoriesResponse(
    [property: Description("The candles' length.")] string Interval,
    [property: Description("Where the first interval begins, UTC.")] DateTime From,
    [property: Description("Where the last interval ends, UTC.")] DateTime To,
    [property: Description("The currency of amounts.")] string VsCurrency,
    [property: Description("One history an id, in the order of the request.")] IReadOnlyList<AssetHistory> Histories)
{
    public static HistoriesResponse Example { get; } = new(
        HistoryResponse.Example.Interval, HistoryResponse.Example.From, HistoryResponse.Example.To, "usd",
        [
            new("coingecko:omisego", IdStatus.Resolved, AssetResponse.ExampleId, [], HistoryResponse.Example.Points,
                HistoryResponse.Example.Gaps),
            new("no-such-coin", IdStatus.NotFound, AssetId: null, [], [], []),
        ]);
}

[Description("The price history of one of several assets.")]
internal sealed record AssetHistory(
    [property: Description("The id as sent.")] string Id,
    [property: Description("resolved, ambiguous (see candidates) or not_found.")] string Status,
    [property: Description("The asset; null unless resolved.")] Guid? AssetId,
    [property: Description("The assets that an ambiguous id can name.")] IReadOnlyList<ResolvedAsset> Candidates,
    [property: Description("The candles, the oldest first.")] IReadOnlyList<Candle> Points,
    [property: Description("The times without a candle, the oldest first.")] IReadOnlyList<HistoryGap> Gaps);

[Description("An asset's price at a time: the newest that was quoted at or before it.")]
internal sealed record PriceAtResponse(
    [property: Description("The asset.")] Guid AssetId,
    [property: Description("The time in the request, UTC.")] DateTime Time,
    [property: Description("When the price was quoted, UTC. The longer before time, the less it says about that time.")]
    DateTime QuotedAt,
    [property: Description("The price.")] double Price,
    [property: Description("The market capitalisation with it; null where it is not known.")] double? MarketCap,
    [property: Description("The trading volume of the 24 hours before it; null where it is not known."),
        JsonPropertyName("volume_24h")] double? Volume24h,
    [property: Description("The currency of amounts.")] string VsCurrency,
    [property: Description("The source of the quote.")] string Source,
    [property: Description("The listing of the quote.")] Guid ListingId,
    [property: Description("Where the quote is from, the finest level that still has it: quotes, hours or days.")] string Level)
{
    public static PriceAtResponse Example { get; } = new(
        AssetResponse.ExampleId, AssetResponse.ExampleTime, AssetResponse.ExampleTime.AddMinutes(-7), 0.62, 86_900_000, 12_300_000, "usd",
        "coinpaprika", AssetResponse.ExampleId, "quotes");
}
