using System.Globalization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Reads parameters as CoinGecko does: what is out of range is brought into it, and what is not known is ignored.</summary>
internal static class CoinGeckoParameters
{
    private const int MaxPrecision = 15;

    /// <summary>The values of a list with commas between them; null where none is given.</summary>
    public static IReadOnlyList<string>? List(string? text) =>
        text is not null && CommaList.Split(text) is { Length: > 0 } values
            ? [.. values.Select(VendorParameters.Clean).Distinct(StringComparer.Ordinal)]
            : null;

    /// <summary>A truth value; false where it is none.</summary>
    public static bool IsTrue(string? text) => Flag.Read(text) is true;

    /// <summary>A currency's code in lower case.</summary>
    /// <exception cref="VendorException">It is missing.</exception>
    public static string Currency(string? text) => string.IsNullOrWhiteSpace(text)
        ? throw Missing("vs_currency")
        : text.Trim().ToLowerInvariant();

    /// <summary>An amount, rounded to the decimal places that <c>precision</c> asks for.</summary>
    public static double? Round(double? amount, string? precision)
    {
        if (amount is not { } number || !int.TryParse(precision, NumberStyles.None, CultureInfo.InvariantCulture, out var places)
            || Math.Abs(number) >= 1e15)
        {
            return amount;
        }

        return Math.Round(number, Math.Min(places, MaxPrecision), MidpointRounding.AwayFromZero);
    }

    /// <summary>The error of a parameter that is missing.</summary>
    public static VendorException Missing(string parameter) =>
        new(StatusCodes.Status422UnprocessableEntity, $"Missing parameter {parameter}");

    /// <summary>The error of a parameter that is wrong.</summary>
    public static VendorException Invalid(string parameter) => new(StatusCodes.Status422UnprocessableEntity, $"invalid {parameter}");

    /// <summary>The error of an id that names no coin.</summary>
    public static VendorException NotFound() => new(StatusCodes.Status404NotFound, "coin not found");

    /// <summary>Checks that a currency has a rate.</summary>
    /// <exception cref="VendorException">It has none.</exception>
    public static void Check(CurrencyRates rates, string currency)
    {
        if (rates.PerDollar(currency) is null)
        {
            throw Invalid("vs_currency");
        }
    }
}
