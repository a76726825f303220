using System.Globalization;
using System.Numerics;

namespace Kasparro.Api.Vendors;

/// <summary>Reads parameters as every vendor does.</summary>
internal static class VendorParameters
{
    /// <summary>A text without NUL, which PostgreSQL's text does not have.</summary>
    public static string Clean(string text) => text.Replace("\0", "", StringComparison.Ordinal);

    /// <summary>A whole number from 1, brought into its range.</summary>
    /// <param name="text">The parameter.</param>
    /// <param name="otherwise">Where it is none.</param>
    /// <param name="maximum">The largest.</param>
    public static int Whole(string? text, int otherwise, int maximum) =>
        BigInteger.TryParse(text.AsSpan().Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (int)BigInteger.Clamp(number, BigInteger.One, maximum)
            : otherwise;
}
