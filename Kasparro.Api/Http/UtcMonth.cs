using System.Globalization;

namespace Kasparro.Api.Http;

/// <summary>A parameter that is a month, UTC.</summary>
/// <param name="Value">The first day of the month.</param>
[Expected("must be a month such as 2026-11")]
internal readonly record struct UtcMonth(DateOnly Value)
{
    public static bool TryParse(string? s, IFormatProvider? provider, out UtcMonth result)
    {
        // Not year 1, whose first day becomes -infinity in PostgreSQL, nor year 9999, whose last month has no next month.
        var isMonth = DateOnly.TryParseExact(s?.Trim(), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
            && first.Year is > 1 and < 9999;
        result = new(first);
        return isMonth;
    }
}
