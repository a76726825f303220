using System.Globalization;
using System.Text.RegularExpressions;

namespace Kasparro.Api.Http;

/// <summary>
/// Parses the times in parameters: RFC 3339, with <c>T</c>, <c>t</c> or a space and any number of decimals, which are truncated after the
/// seventh. A time without an offset is UTC; a date alone means midnight UTC.
/// </summary>
internal static partial class Rfc3339
{
    /// <summary>The error for any other text.</summary>
    public const string Expected = "must be a time such as 2026-11-20T12:00:00Z, or a date such as 2026-11-20";

    private const int MaxLength = 64;
    private const int MaxDecimals = 7;

    /// <summary>Parses a time and converts it to UTC.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime time)
    {
        time = default;
        var trimmed = text.Trim();
        if (trimmed.Length > MaxLength || Form().Match(trimmed.ToString()) is not { Success: true } match)
        {
            return false;
        }

        // A leap second becomes the first moment of the next minute, since DateTime does not support them.
        var isLeap = match.Groups["second"].ValueSpan is "60";
        var decimals = isLeap ? "" : match.Groups["decimals"].Value;
        var offset = match.Groups["sign"].Success
            ? $"{(match.Groups["sign"].ValueSpan is "-" ? '-' : '+')}{match.Groups["hours"].ValueSpan}:{match.Groups["minutes"].ValueSpan}"
            : "+00:00";
        var clock = Or(match.Groups["clock"].Value, "00:00");
        var second = isLeap ? "59" : Or(match.Groups["second"].Value, "00");
        var fraction = decimals[..Math.Min(decimals.Length, MaxDecimals)].PadRight(MaxDecimals, '0');
        var canonical = $"{match.Groups["date"].ValueSpan}T{clock}:{second}.{fraction}{offset}";
        if (!DateTimeOffset.TryParseExact(
            canonical, "yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            || (isLeap && parsed.UtcDateTime > DateTime.MaxValue.AddSeconds(-1)))
        {
            return false;
        }

        time = isLeap ? parsed.UtcDateTime.AddSeconds(1) : parsed.UtcDateTime;
        return true;

        static string Or(string text, string other) => text.Length == 0 ? other : text;
    }

    // A space before the offset is a plus sign that the client did not escape.
    [GeneratedRegex(
        @"^(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})([Tt ](?<clock>[0-9]{2}:[0-9]{2})(:(?<second>[0-9]{2})([.,](?<decimals>[0-9]+))?)?"
        + @"([Zz]|(?<sign>[-+ ])(?<hours>[0-9]{2}):?(?<minutes>[0-9]{2}))?)?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 100)]
    private static partial Regex Form();
}
