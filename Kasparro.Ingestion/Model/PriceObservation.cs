namespace Kasparro.Ingestion.Model;

/// <summary>The market of a listing at a point in time, as its source reports it.</summary>
/// <param name="PriceUsd">The price in US dollars.</param>
/// <param name="MarketCapUsd">The market capitalisation in US dollars; sources write 0 if it is unknown.</param>
/// <param name="CirculatingSupply">The number of units in circulation.</param>
/// <param name="QuotedAt">The time of the quote at the source; without it, the observation cannot be compared.</param>
internal readonly record struct PriceObservation(
    double? PriceUsd, double? MarketCapUsd, double? CirculatingSupply, DateTimeOffset? QuotedAt)
{
    /// <summary>Quotes whose times are further apart are not compared, because markets move.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromHours(1);

    /// <summary>Up to this factor two prices count as equal, because sources average over different exchanges.</summary>
    private const double SamePrice = 1.1;

    /// <summary>Up to this factor two capitalisations or supplies count as equal, because sources count circulation differently.</summary>
    private const double SameSize = 1.25;

    /// <summary>From this factor on two prices belong to different assets; thinly traded tokens stay below it.</summary>
    private const double OtherPrice = 3;

    /// <summary>Returns the higher price divided by the lower one, or null if they cannot be compared.</summary>
    public double? RatioTo(PriceObservation other) =>
        QuotedAt is { } here && other.QuotedAt is { } there && (here - there).Duration() <= MaxAge
            ? Factor(PriceUsd, other.PriceUsd)
            : null;

    /// <summary>
    /// Decides whether the two observations are of one asset, given the verdict so far. Agreement in price and in capitalisation or supply
    /// is final; a disagreement stands until the prices agree. So a pair's verdict changes at most twice, regardless of the market.
    /// </summary>
    /// <param name="other">The other listing's market.</param>
    /// <param name="before">The verdict so far, or null if there is none.</param>
    /// <returns>The new verdict, or null if there is none.</returns>
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

        // Equal capitalisations at different prices indicate a redenomination that one source has not picked up yet.
        return ratio >= OtherPrice && !(Factor(MarketCapUsd, other.MarketCapUsd) <= SameSize) ? false : before;
    }

    private static double? Factor(double? value, double? other) =>
        value is { } one && other is { } two && one > 0 && two > 0 && double.IsFinite(one) && double.IsFinite(two)
            ? Math.Max(one, two) / Math.Min(one, two)
            : null;
}
