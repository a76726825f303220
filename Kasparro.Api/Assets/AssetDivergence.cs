using System.ComponentModel;

namespace Kasparro.Api.Assets;

[Description("How far the sources' prices of one asset differ. For each source, the newest price of its active listings counts.")]
internal sealed record AssetDivergence(
    [property: Description("The lowest price in US dollars.")] double LowestPriceUsd,
    [property: Description("The source of that price.")] string LowestSource,
    [property: Description("The highest price in US dollars.")] double HighestPriceUsd,
    [property: Description("The source of that price.")] string HighestSource,
    [property: Description("The difference in per cent of the lowest price; null when that is 0.")] double? Percent,
    [property: Description("Seconds between the two quotes: old prices differ more.")] double SecondsApart)
{
    /// <summary>Compares the sources' prices; null if fewer than two sources have one.</summary>
    public static AssetDivergence? From(IEnumerable<AssetListing> listings)
    {
        var prices = listings
            .Where(listing => listing is { IsActive: true, PriceUsd: not null })
            .GroupBy(listing => listing.Source, StringComparer.Ordinal)
            .Select(source => source.OrderByDescending(GetTime).ThenBy(listing => listing.ExternalId, StringComparer.Ordinal).First())
            .OrderBy(listing => listing.PriceUsd).ThenBy(listing => listing.Source, StringComparer.Ordinal)
            .ToList();
        if (prices.Count < 2)
        {
            return null;
        }

        var (lowest, highest) = (prices[0], prices[^1]);
        var percent = (highest.PriceUsd!.Value - lowest.PriceUsd!.Value) / lowest.PriceUsd.Value * 100;
        return new(
            lowest.PriceUsd.Value,
            lowest.Source,
            highest.PriceUsd.Value,
            highest.Source,
            double.IsFinite(percent) ? percent : null,
            (GetTime(highest) - GetTime(lowest)).Duration().TotalSeconds);
    }

    private static DateTime GetTime(AssetListing listing) => listing.QuotedAt ?? listing.UpdatedAt;
}
