namespace Kasparro.Data.Catalogue;

/// <summary>
/// What prices, taken at nearly the same time, said about two listings that could be one asset. A verdict outlives the prices that it came
/// from: identity must not move with the market.
/// </summary>
public sealed class PriceComparison
{
    /// <summary>The listing of the source that comes first, as in <see cref="IdentityDecision"/>.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The other listing.</summary>
    public Guid OtherId { get; init; }

    /// <summary>Whether they agree; false where they were apart by a factor, which a later agreement corrects. True is final.</summary>
    public bool Agrees { get; set; }

    /// <summary>The higher price divided by the lower one, from 1, when it was measured.</summary>
    public double Ratio { get; set; }

    /// <summary>When it was measured.</summary>
    public DateTimeOffset MeasuredAt { get; set; }
}
