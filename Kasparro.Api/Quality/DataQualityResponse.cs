using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Kasparro.Api.Quality;

[Description("How good the catalogue's data is.")]
internal sealed record DataQualityResponse(
    [property: Description("When it was measured, UTC. A measurement is shown for a minute.")] DateTime MeasuredAt,
    [property: Description("The age in hours from which a price is stale.")] double StaleAfterHours,
    [property: Description("By source.")] IReadOnlyDictionary<string, SourceQuality> Sources,
    [property: Description("How far the sources' prices for one asset differ.")] Divergence PriceDivergence)
{
    public static DataQualityResponse Example { get; } = new(
        new(2026, 11, 20, 12, 0, 41, DateTimeKind.Utc),
        24,
        SourceNames.All.ToDictionary(
            name => name, _ => new SourceQuality(17_390, 812, new(0.011, 0.025, 0.017, 0.3), 41, 0.62), StringComparer.Ordinal),
        new(1.05, 6_120, 214, [new(new("5c1f6a1e-52a5-5f0e-8f0b-0c8b1b9d7a55"), "OLD", 0.0021, 0.0084, 4)]));
}

[Description("The quality of one source's active listings.")]
internal sealed record SourceQuality(
    [property: Description("Active listings.")] long Listings,
    [property: Description("Listings whose price is stale.")] long Stale,
    [property: Description("The share of the listings that lack a field, 0 to 1.")] NullRates NullRates,
    [property: Description("Listings beyond the first of an asset: the source lists the same asset more than once.")] long Duplicates,
    [property: Description("The share of the listings whose asset no other source lists, 0 to 1.")] double UnmatchedShare)
{
    public static SourceQuality Empty { get; } = new(0, 0, new(0, 0, 0, 0), 0, 0);
}

[Description("The share of listings that lack a field, 0 to 1.")]
internal sealed record NullRates(
    [property: Description("No price.")] double PriceUsd,
    [property: Description("No market capitalisation.")] double MarketCapUsd,
    [property: Description("No volume."), JsonPropertyName("volume_24h_usd")] double Volume24hUsd,
    [property: Description("No rank.")] double Rank);

[Description("How far the sources' prices for one asset differ.")]
internal sealed record Divergence(
    [property: Description("The largest ratio of two prices that is not counted as divergent.")] double MaxRatio,
    [property: Description("Assets that more than one source has a price for.")] long Compared,
    [property: Description("Assets whose prices differ by more than max_ratio.")] long Divergent,
    [property: Description("The assets whose prices differ most, at most 20.")] IReadOnlyList<PriceDivergence> Furthest);

[Description("An asset whose prices differ.")]
internal sealed record PriceDivergence(
    [property: Description("The asset.")] Guid AssetId,
    [property: Description("Its symbol.")] string Symbol,
    [property: Description("The lowest price in USD.")] double LowestUsd,
    [property: Description("The highest price in USD.")] double HighestUsd,
    [property: Description("highest_usd divided by lowest_usd; null where a double cannot hold it.")] double? Ratio);
