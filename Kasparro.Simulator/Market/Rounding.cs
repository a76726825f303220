namespace Kasparro.Simulator.Market;

/// <summary>Upstreams round what they publish; rounding also hides the last bits, in which platforms may differ.</summary>
internal static class Rounding
{
    private static readonly double[] Powers = [.. Enumerable.Range(0, 23).Select(i => double.Parse($"1e{i}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>To that many significant digits; numbers too small or too large for exact powers of ten stay as they are.</summary>
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

    /// <summary>As CoinGecko prints prices: whole dollars, then cents, then six digits.</summary>
    public static double Price(double value) => value switch
    {
        >= 10_000 => Math.Round(value),
        >= 1 => Math.Round(value, 2),
        _ => Significant(value, 6),
    };
}
