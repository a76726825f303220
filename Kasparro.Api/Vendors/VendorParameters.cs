using System.Globalization;
using System.Numerics;

namespace Kasparro.Api.Vendors;

/// <summary>Reads parameters as all vendors do.</summary>
internal static class VendorParameters
{
    /// <summary>Removes NUL from a text; PostgreSQL's text cannot contain it.</summary>
    public static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>Reads a whole number from 1, clamped to its range.</summary>
    /// <param name="text">The parameter.</param>
    /// <param name="otherwise">The result if the parameter is not a number.</param>
    /// <param name="maximum">The largest number.</param>
    public static int Whole(string? text, int otherwise, int maximum) =>
        BigInteger.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (int)BigInteger.Clamp(number, BigInteger.One, maximum)
            : otherwise;
}
