using System.Globalization;

namespace Kasparro.Api.Http;

/// <summary>Times as parameters give them: RFC 3339, with its offset; a date alone is its midnight in UTC.</summary>
internal static class Rfc3339
{
    /// <summary>What an error says of anything else.</summary>
    public const string Expected = "must be a time such as 2026-11-20T12:00:00Z, or a date such as 2026-11-20";

    private const int MaxLength = 40;

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>Reads a time, as UTC.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTime time)
    {
        // A plus sign that a client did not escape is a space.
        if (text.Length <= MaxLength && text.Contains(' '))
        {
            return TryParse(text.ToString().Replace(' ', '+'), out time);
        }

        var isTime = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed);
        time = parsed.UtcDateTime;
        return isTime;
    }
}
