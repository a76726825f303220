using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Reads times whose date is not in ISO 8601: with an English month name, <c>20 Nov 2026</c>, or with numbers in a known order. The text
/// after the date is read by <see cref="IsoTime"/>; a day of the week must match the date.
/// </summary>
internal static class DateText
{
    private const int Century = 2000; // For two-digit years.

    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames;
    private static readonly string[] Weekdays = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    /// <summary>
    /// Reads <c>Fri, 20 Nov 2026 12:30:00 +0000</c>, <c>November 20th, 2026 at 9:30 PM</c>, <c>20-Nov-26</c>, <c>2026-Nov-20</c>,
    /// <c>20/Nov/2026:12:30:00 +0000</c>, <c>Fri Nov 20 12:30:00 UTC 2026</c> and the like.
    /// </summary>
    public static bool TryReadNamed(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        var rest = text.Trim();
        var weekday = TakeName(ref rest, Weekdays);
        var first = TakeNumber(ref rest, out var firstDigits);
        var month = TakeName(ref rest, Months) + 1;
        var second = TakeNumber(ref rest, out var secondDigits);
        if (month == 0)
        {
            return false;
        }

        (int? Year, int Day) date = (firstDigits, secondDigits) switch
        {
            (4, 1 or 2) => (first, second),
            (1 or 2, 4) => (second, first),
            (1 or 2, 2) when rest is not [':', ..] || rest.Count(':') == 3 => (Century + second, first), // SAS: 20NOV26:12:30:00
            (0, 1 or 2) => (TakeYear(ref rest), second),
            _ => (null, 0),
        };
        if (date.Year is not { } year || !TryCompose(year, month, date.Day, rest, out time))
        {
            return false;
        }

        // The day of the week is that of the date as written, in the text's own zone.
        return weekday < 0 || new DateOnly(year, month, date.Day).DayOfWeek == (DayOfWeek)weekday;
    }

    /// <summary>Reads <c>20/11/2026 12:30</c>, <c>20. 11. 26</c>, <c>11-20-2026 9:30 p. m.</c> and the like.</summary>
    public static bool TryReadNumeric(ReadOnlySpan<char> text, bool isDayFirst, out DateTimeOffset time)
    {
        time = default;
        var rest = text.Trim();
        var first = TakeNumber(ref rest, out var firstDigits);
        var second = TakeNumber(ref rest, out var secondDigits);
        var year = TakeNumber(ref rest, out var digits) + (digits == 2 ? Century : 0);
        var (day, month) = isDayFirst ? (first, second) : (second, first);
        return (firstDigits, secondDigits, digits) is (1 or 2, 1 or 2, 2 or 4) && rest is not [':', ..]
            && TryCompose(year, month, day, rest, out time);
    }

    /// <summary>Reads the time of day and the zone after a date, like those of an ISO 8601 date.</summary>
    private static bool TryCompose(int year, int month, int day, ReadOnlySpan<char> rest, out DateTimeOffset time)
    {
        rest = rest.TrimStart(" ,");
        rest = rest is ['T' or ':', >= '0' and <= '9', ..] ? rest[1..]
            : rest.StartsWith("at ", StringComparison.OrdinalIgnoreCase) ? rest[3..].TrimStart()
            : rest.TrimStart("@ "); // Kibana.
        return IsoTime.TryParse(string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2} {rest}"), out time);
    }

    /// <summary>Takes the year after month and day or, as C programs write it, at the end.</summary>
    private static int? TakeYear(ref ReadOnlySpan<char> rest)
    {
        var next = rest;
        var year = TakeNumber(ref next, out var digits);
        if (digits == 4)
        {
            rest = next;
            return year;
        }

        var end = rest.LastIndexOf(' ');
        var last = rest[(end + 1)..];
        year = TakeNumber(ref last, out digits);
        if (end < 0 || digits != 4 || !last.IsEmpty || !rest[..end].Contains(':'))
        {
            return null;
        }

        rest = rest[..end];
        return year;
    }

    /// <summary>Takes at least three letters of a name and the separators after it; -1 if there is no name.</summary>
    private static int TakeName(ref ReadOnlySpan<char> rest, string[] names)
    {
        var length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        for (var i = 0; i < names.Length && length >= 3; i++)
        {
            if (names[i].AsSpan().StartsWith(rest[..length], StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[length..].TrimStart(" ,.-/");
                return i;
            }
        }

        return -1;
    }

    /// <summary>Takes a number, the suffix of an ordinal, and the separators after it.</summary>
    private static int TakeNumber(ref ReadOnlySpan<char> rest, out int digits)
    {
        digits = 0;
        while (digits < rest.Length && char.IsAsciiDigit(rest[digits]))
        {
            digits++;
        }

        if (digits is 0 or > 4)
        {
            return 0;
        }

        var value = int.Parse(rest[..digits], CultureInfo.InvariantCulture);
        rest = rest[digits..];
        foreach (var ending in (ReadOnlySpan<string>)["st", "nd", "rd", "th"])
        {
            if (rest.StartsWith(ending, StringComparison.OrdinalIgnoreCase) && (rest.Length == 2 || !char.IsLetter(rest[2])))
            {
                rest = rest[2..];
                break;
            }
        }

        // A hyphen after a space may be the sign of an offset.
        rest = rest is ['-' or '/', ..] ? rest[1..] : rest.TrimStart(" ,.");
        return value;
    }
}
