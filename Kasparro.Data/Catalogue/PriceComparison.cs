namespace Kasparro.Data.Catalogue;

/// <summary>
/// The comparison of prices, taken at nearly the same time, of two listings that could be one asset. The result outlives the prices that it
/// is based on: identity must not move with the market.
/// </summary>
public sealed class PriceComparison
{
    /// <summary>The listing of the source that comes first, as in <see cref="IdentityDecision"/>.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>Whether the prices agree; false if they differed by a factor, which a later agreement corrects. True is final.</summary>
    public bool Agrees { get; set; }

    /// <summary>The higher price divided by the lower one, at least 1, at the time of the measurement.</summary>
    public double Ratio { get; set; }

    /// <summary>The time of the measurement.</summary>
    public DateTimeOffset MeasuredAt { get; set; }
}
