namespace Kasparro.Catalogue;

/// <summary>When a price can be of.</summary>
public static class PriceTime
{
    /// <summary>Bitcoin's first block: no price is older.</summary>
    public static DateTimeOffset Earliest { get; } = new(2009, 1, 3, 0, 0, 0, TimeSpan.Zero);
}
