namespace Kasparro.Api.Quality;

/// <summary>Calculates the ratio of two prices as a JSON number.</summary>
internal static class PriceRatio
{
    /// <summary>Divides the prices; null if a double cannot hold the quotient, which JSON could not represent.</summary>
    /// <param name="below">The divisor, above zero.</param>
    /// <param name="above">The dividend, above zero.</param>
    public static double? From(double below, double above) =>
        above / below is var ratio && double.IsNormal(ratio) ? ratio : null;
}
