namespace Kasparro.Catalogue;

/// <summary>The limits of prices' times.</summary>
public static class PriceTime
{
    /// <summary>The time of Bitcoin's first block; no price is older.</summary>
    public static DateTimeOffset Earliest { get; } = new(2009, 1, 3, 0, 0, 0, TimeSpan.Zero);
}
