using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Quality;

[Description("How good the catalogue's data is.")]
internal sealed record DataQualityResponse(
    [property: Description("When it was measured, UTC; a measurement is shown for a minute.")] DateTime MeasuredAt,
    [property: Description("The age in hours from which on a price counts as stale.")] double StaleAfterHours,
    [property: Description("By source.")] IReadOnlyDictionary<string, SourceQuality> Sources,
    [property: Description("How far the sources' prices for one asset lie apart.")] Divergence PriceDivergence);

[Description("Of a source's active listings.")]
internal sealed record SourceQuality(
    [property: Description("Active listings.")] long Listings,
    [property: Description("Those whose price is stale.")] long Stale,
    [property: Description("The share of those that lack a field, 0 to 1.")] NullRates NullRates,
    [property: Description("Listings beyond the first of an asset: the source lists the same thing more than once.")] long Duplicates,
    [property: Description("The share of those whose asset no other source lists, 0 to 1.")] double UnmatchedShare)
{
    public static SourceQuality Empty { get; } = new(0, 0, new(0, 0, 0, 0), 0, 0);
}

[Description("The share of listings that lack a field, 0 to 1.")]
internal sealed record NullRates(
    [property: Description("No price.")] double PriceUsd,
    [property: Description("No market capitalisation.")] double MarketCapUsd,
    [property: Description("No volume."), JsonPropertyName("volume_24h_usd")] double Volume24hUsd,
    [property: Description("No rank.")] double Rank);

[Description("How far the sources' prices for one asset lie apart.")]
internal sealed record Divergence(
    [property: Description("The largest ratio of two prices that does not count.")] double MaxRatio,
    [property: Description("Assets that more than one source has a price for.")] long Compared,
    [property: Description("Those whose prices lie further apart.")] long Divergent,
    [property: Description("The furthest apart, at most 20.")] IReadOnlyList<PriceDivergence> Furthest);

[Description("An asset whose prices lie far apart.")]
internal sealed record PriceDivergence(
    [property: Description("The asset.")] Guid AssetId,
    [property: Description("Its symbol.")] string Symbol,
    [property: Description("The lowest price in USD.")] double LowestUsd,
    [property: Description("The highest.")] double HighestUsd,
    [property: Description("highest_usd divided by lowest_usd; null where a double cannot hold it.")] double? Ratio);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DataQualityResponse))]
internal sealed partial class QualityJson : JsonSerializerContext;
