using System.Globalization;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads parameters as CoinGecko does: values out of range are clamped, and unknown values are ignored.</summary>
internal static class CoinGeckoParameters
{
    private const int MaxPlaces = 18;

    /// <summary>Reads the values of a comma-separated list, or null if there are none.</summary>
    public static IReadOnlyList<string>? List(string? text) =>
        text is not null && CommaList.Split(text) is { Length: > 0 } values
            ? [.. values.Select(VendorParameters.Clean).Distinct(StringComparer.Ordinal)]
            : null;

    /// <summary>Reads a Boolean; false if the text is not one.</summary>
    public static bool IsTrue(string? text) => Flag.Read(text) is true;

    /// <summary>Reads a currency's code, in lower case.</summary>
    /// <exception cref="VendorException">The currency is missing.</exception>
    public static string Currency(string? text) => string.IsNullOrWhiteSpace(text)
        ? throw Missing("vs_currency")
        : VendorParameters.Clean(text).Trim().ToLowerInvariant();

    /// <summary>Rounds an amount to the decimal places that <c>precision</c> asks for.</summary>
    public static double? Round(double? amount, string? precision)
    {
        if (amount is not { } number || !int.TryParse(precision, NumberStyles.None, CultureInfo.InvariantCulture, out var places)
            || Math.Abs(number) >= 1e15)
        {
            return amount;
        }

        // By its decimal digits: of doubles, Math.Round knows 15 places only, and makes 59948.40100565501 of 59948.401005655.
        var digits = decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
        var rounded = Math.Round(digits, Math.Min(places, MaxPlaces), MidpointRounding.AwayFromZero);
        return double.Parse(rounded.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>Creates the error for a missing parameter.</summary>
    public static VendorException Missing(string parameter) =>
        new(StatusCodes.Status422UnprocessableEntity, $"Missing parameter {parameter}");

    /// <summary>Creates the error for an invalid parameter.</summary>
    public static VendorException Invalid(string parameter) => new(StatusCodes.Status422UnprocessableEntity, $"invalid {parameter}");

    /// <summary>Creates the error for an id that no coin has.</summary>
    public static VendorException NotFound() => new(StatusCodes.Status404NotFound, "coin not found");
}
