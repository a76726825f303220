namespace Kasparro.Ingestion.Model;

/// <summary>What a source says of a listing's market at some moment.</summary>
/// <param name="PriceUsd">US dollars.</param>
/// <param name="MarketCapUsd">US dollars; sources write 0 for unknown.</param>
/// <param name="CirculatingSupply">Units in circulation.</param>
/// <param name="QuotedAt">When it was true at the source; without it nothing can be compared.</param>
internal readonly record struct PriceObservation(
    double? PriceUsd, double? MarketCapUsd, double? CirculatingSupply, DateTimeOffset? QuotedAt)
{
    /// <summary>Quotes further apart than this in time are not compared: markets move.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>Sources average different exchanges: up to this factor two prices are one.</summary>
    private const double SamePrice = 1.1;

    /// <summary>Sources count circulation differently: up to this factor two capitalisations, or two supplies, are one.</summary>
    private const double SameSize = 1.25;

    /// <summary>From this factor on two prices are those of different assets; thinly traded tokens stay below it.</summary>
    private const double OtherPrice = 3;

    /// <summary>The higher price divided by the lower; null where they cannot be compared.</summary>
    public double? RatioTo(PriceObservation other) =>
        QuotedAt is { } here && other.QuotedAt is { } there && (here - there).Duration() <= MaxAge
            ? Factor(PriceUsd, other.PriceUsd)
            : null;

    /// <summary>
    /// What the two say about being one asset, given what was said before. Agreement in price and in capitalisation or supply is final; a
    /// disagreement stands until the prices meet. So a pair's verdict changes twice at most, regardless of the market.
    /// </summary>
    /// <param name="other">The other listing's market.</param>
    /// <param name="before">The verdict so far; null for none.</param>
    /// <returns>The verdict now; null for none.</returns>
    public bool? Compare(PriceObservation other, bool? before)
    {
        if (before is true || RatioTo(other) is not { } ratio)
        {
            return before;
        }

        var sameSize = Factor(MarketCapUsd, other.MarketCapUsd) <= SameSize
            || Factor(CirculatingSupply, other.CirculatingSupply) <= SameSize;
        if (ratio <= SamePrice)
        {
            return before is false || sameSize ? true : before;
        }

        // One capitalisation at two prices is a redenomination that one source has not heard of.
        return ratio >= OtherPrice && !(Factor(MarketCapUsd, other.MarketCapUsd) <= SameSize) ? false : before;
    }

    private static double? Factor(double? value, double? other) =>
        value is { } one && other is { } two && one > 0 && two > 0 && double.IsFinite(one) && double.IsFinite(two)
            ? Math.Max(one, two) / Math.Min(one, two)
            : null;
}
