namespace Kasparro.Api.Quality;

/// <summary>The ratio of two prices as a JSON number.</summary>
internal static class PriceRatio
{
    /// <summary>Divides; null where a double cannot hold the quotient, which JSON could not show.</summary>
    /// <param name="below">The divisor, above zero.</param>
    /// <param name="above">The dividend, above zero.</param>
    public static double? From(double below, double above) =>
        above / below is var ratio && double.IsNormal(ratio) ? ratio : null;
}
