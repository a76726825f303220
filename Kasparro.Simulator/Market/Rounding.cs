namespace Kasparro.Simulator.Market;

/// <summary>
/// Rounds numbers as upstreams do before they publish them, which also hides the last bits, in which platforms may differ.
/// </summary>
internal static class Rounding
{
    /// <summary>The powers of ten that a double represents exactly.</summary>
    private static readonly double[] Powers =
        [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    /// <summary>
    /// Rounds to a number of significant digits; numbers too small or too large for exact powers of ten are left unchanged.
    /// </summary>
    public static double Significant(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return value;
        }

        var places = digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return places switch
        {
            >= 0 and <= 22 => Math.Round(value * Powers[places]) / Powers[places],
            < 0 and >= -22 => Math.Round(value / Powers[-places]) * Powers[-places],
            _ => value,
        };
    }

    /// <summary>Rounds as CoinGecko shows prices: whole dollars, then cents, then six significant digits.</summary>
    public static double Price(double value) => value switch
    {
        >= 10_000 => Math.Round(value),
        >= 1 => Math.Round(value, 2),
        _ => Significant(value, 6),
    };
}
