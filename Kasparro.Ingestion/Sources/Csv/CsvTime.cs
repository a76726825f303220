using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Reads times as files write them: ISO 8601, epochs in seconds to nanoseconds, and dates with English month names. Everything else is
/// refused until <c>Sources:Csv:TimeFormat</c> says how to read it, since swapping day and month would go unnoticed.
/// </summary>
/// <param name="format">
/// The setting: <c>day-first</c>, <c>month-first</c>, <c>excel</c> or an exact .NET format; null if it is not set.
/// </param>
/// <param name="zone">The zone of times that have none and none in another column; null is UTC.</param>
internal sealed class CsvTime(string? format, string? zone = null)
{
    public const string DayFirst = "day-first";
    public const string MonthFirst = "month-first";
    public const string Excel = "excel";

    private const int MaxLength = 128;
    private const int MaxDays = 2_958_465; // 9999-12-31.

    /// <summary>Dates that programs write for "never": the earliest that they support.</summary>
    private static readonly HashSet<DateTime> Zeros =
    [
        DateTime.UnixEpoch, new(1601, 1, 1), new(1753, 1, 1), new(1899, 12, 30), new(1899, 12, 31), new(1900, 1, 1), new(1904, 1, 1),
    ];

    /// <summary>Texts that programs write for "never": days that do not exist, and 1899-12-30 in any order.</summary>
    private static readonly string[] ZeroTexts =
    [
        "0000-00-00", "1900-01-00", "00.01.1900", "1/0/1900", "01/00/1900", "00/01/1900", "1899-12-30", "30.12.1899", "30/12/1899",
        "30-12-1899", "12/30/1899",
    ];

    private static readonly DateTimeOffset ExcelEpoch = new(1899, 12, 30, 0, 0, 0, TimeSpan.Zero);

    private readonly string? _format = string.IsNullOrWhiteSpace(format) ? null : format;

    /// <summary>Whether a setting is one of the keywords, or a format with a year, a month and a day.</summary>
    public static bool IsFormat(string format) =>
        format is DayFirst or MonthFirst or Excel
        || (format.Contains('y') && format.Contains('M') && format.Contains('d') && CanFormat(format));

    /// <summary>Reads a cell.</summary>
    /// <param name="utf8">The cell, unquoted.</param>
    /// <param name="time">The time; null if the cell is blank or says that it is not known.</param>
    /// <returns>A hint, as a sentence, on what to do about a cell that cannot be read; null if it can be read.</returns>
    public string? Read(ReadOnlySpan<byte> utf8, out DateTimeOffset? time)
    {
        time = null;
        var text = CsvCell.ReadValue(utf8, stackalloc char[MaxLength]);
        if (text.IsEmpty || CsvCell.IsNullWord(text))
        {
            return null;
        }

        if (text.Length <= MaxLength && (Parse(text) ?? Parse(ToPlain(text))) is { } read)
        {
            time = read;
            return null;
        }

        return Hint(text);
    }

    /// <summary>Reads the cells of a date and its time of day.</summary>
    private string? Read(ReadOnlySpan<byte> date, ReadOnlySpan<byte> clock, out DateTimeOffset? time)
    {
        var hint = Read(date, out time);
        var text = CsvCell.ReadValue(clock, stackalloc char[MaxLength]);
        if (hint is not null || text.IsEmpty || CsvCell.IsNullWord(text) || (time is { } zero && IsZero(zero)))
        {
            return hint;
        }

        if (time is not { } day)
        {
            return Read(clock, out time);
        }

        time = Join(day, ToPlain(text))
            ?? (Read(clock, out var whole) is null && whole?.UtcDateTime.Date == day.UtcDateTime.Date ? whole : null);
        return time is null ? $"Its time of day, '{RecordBuilder.Shorten(text)}', is none, or is not that of the date." : null;
    }

    /// <summary>Reads the cells of a date, its time of day and the time zone of both.</summary>
    /// <param name="date">The date, unquoted.</param>
    /// <param name="clock">The time of day, or the full time again.</param>
    /// <param name="zoneCell">The zone: UTC or an offset. It is ignored for a time that has its own zone and for a date alone.</param>
    /// <param name="time">The time; null if the cells are blank or say that it is not known.</param>
    /// <returns>A hint, as a sentence, on what to do about cells that cannot be read; null if they can be read.</returns>
    public string? Read(ReadOnlySpan<byte> date, ReadOnlySpan<byte> clock, ReadOnlySpan<byte> zoneCell, out DateTimeOffset? time)
    {
        var hint = Read(date, clock, out time);
        var name = CsvCell.IsNone(zoneCell) ? zone : CsvCell.ReadText(zoneCell, isName: false);
        if (time is not { } local || IsZero(local) || name is null)
        {
            return hint;
        }

        var isWhole = CsvCell.IsNone(clock);
        var text = CsvCell.ReadValue(isWhole ? date : clock, stackalloc char[MaxLength]);
        if (HasZone(text) || (isWhole && !text.Contains(':') && local.TimeOfDay == TimeSpan.Zero))
        {
            return null;
        }

        var zoned = string.Create(CultureInfo.InvariantCulture, $"{local:yyyy-MM-dd HH:mm:ss.fffffff} {name}");
        time = IsoTime.TryParse(zoned, out var utc) ? utc : null;
        return time is null ? $"The file says that its zone is '{RecordBuilder.Shorten(name)}', which is neither UTC nor an offset." : null;
    }

    /// <summary>Whether a time states its zone after the time of day, or needs none because it is an epoch.</summary>
    private static bool HasZone(ReadOnlySpan<char> text)
    {
        var behind = text[Math.Max(0, text.IndexOf(':') is >= 0 and var colon ? colon : text.LastIndexOfAny(" T"))..];
        return (text.Length > 1 && ReadEpoch(text) is not null) || behind.ContainsAny("Zz+-\u2212")
            || behind.Contains("UTC", StringComparison.OrdinalIgnoreCase) || behind.Contains("GMT", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a time is one that programs write for "never".</summary>
    public static bool IsZero(DateTimeOffset time) => time.Year == 1 || Zeros.Contains(time.UtcDateTime);

    /// <summary>Whether a text is one that programs write for "never", such as a day that does not exist.</summary>
    public static bool IsZero(string text) => Array.Exists(ZeroTexts, zero => text.StartsWith(zero, StringComparison.Ordinal));

    /// <summary>Combines a date with a time of day; null if the date already has a different one.</summary>
    private DateTimeOffset? Join(DateTimeOffset day, ReadOnlySpan<char> clock)
    {
        var date = new DateTimeOffset(day.UtcDateTime.Date, TimeSpan.Zero);
        DateTimeOffset? joined = null;
        if (_format is Excel && TryParseNumber(clock, out var days) && days is >= 0 and < 1)
        {
            joined = AddDays(date, days);
        }
        else
        {
            var minutes = clock.Length <= 2 && !clock.ContainsAnyExceptInRange('0', '9') ? ":00" : ""; // An hour.
            var text = string.Create(CultureInfo.InvariantCulture, $"{date:yyyy-MM-dd} {clock}{minutes}");
            joined = IsoTime.TryParse(text, out var time) ? time : null;
        }

        return day == date || joined == day ? joined : null;
    }

    private static bool CanFormat(string format)
    {
        try
        {
            return DateTimeOffset.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>
    /// Replaces special spaces and hyphens, and the characters of East Asian dates, by plain ones. JavaScript has a narrow space before PM.
    /// </summary>
    private static string ToPlain(ReadOnlySpan<char> text) => string.Concat(text.ToString().Select(c => c switch
    {
        '\u00A0' or '\u202F' or '\u2009' or '\u65E5' => ' ',
        '\u2010' or '\u2011' or '\u2012' or '\u2013' or '\u5E74' or '\u6708' => '-',
        _ => c,
    }));

    private DateTimeOffset? Parse(ReadOnlySpan<char> text) => ReadSet(text) ?? ReadEpoch(text)
        ?? (IsoTime.TryParse(text, out var time) || DateText.TryReadNamed(text, out time) ? time : null);

    private DateTimeOffset? ReadSet(ReadOnlySpan<char> text) => _format switch
    {
        null => null,
        Excel => TryParseNumber(text, out var days) && days is >= 1 and <= MaxDays ? AddDays(ExcelEpoch, days) : null,
        DayFirst or MonthFirst => DateText.TryReadNumeric(text, isDayFirst: _format is DayFirst, out var time) ? time : null,
        _ => ReadExact(text, _format),
    };

    /// <summary>Parses a number of days; <c>45981,5</c> has a decimal comma, as more than three digits are not a group.</summary>
    private static bool TryParseNumber(ReadOnlySpan<char> text, out double value)
    {
        var comma = text.IndexOf(',');
        var isDecimal = comma is 1 || comma > 3;
        return double.TryParse(
            isDecimal && !text[(comma + 1)..].Contains(',') ? text.ToString().Replace(',', '.') : text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out value);
    }

    private static DateTimeOffset AddDays(DateTimeOffset from, double days) =>
        from.AddMilliseconds(Math.Round(days * TimeSpan.MillisecondsPerDay));

    private static DateTimeOffset? ReadExact(ReadOnlySpan<char> text, string format)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, Utc, out var exact))
        {
            return exact;
        }

        // Commas between the parts, and a zone at the end: "Nov 20, 2026, 12:00 UTC".
        var plain = text.ToString().Replace(",", " ", StringComparison.Ordinal);
        foreach (var zone in (ReadOnlySpan<string>)["UTC", "GMT", "Z"])
        {
            if (plain.EndsWith(zone, StringComparison.OrdinalIgnoreCase))
            {
                plain = plain[..^zone.Length];
                break;
            }
        }

        plain = string.Join(' ', plain.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return DateTimeOffset.TryParseExact(plain, format, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    /// <summary>Reads an epoch: 10 digits before the point are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds.</summary>
    private static DateTimeOffset? ReadEpoch(ReadOnlySpan<char> text)
    {
        var point = text.IndexOfAny('.', ',');
        decimal? ticksPerUnit = (point < 0 ? text : text[..point]).Length switch
        {
            1 when text[0] is '0' => TimeSpan.TicksPerSecond,
            10 => TimeSpan.TicksPerSecond,
            13 => TimeSpan.TicksPerMillisecond,
            16 => TimeSpan.TicksPerMicrosecond,
            19 => 1m / TimeSpan.NanosecondsPerTick,
            _ => null,
        };
        return ticksPerUnit is { } unit && !text.ContainsAnyExcept("0123456789.,") && decimal.TryParse(
            text.ToString().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            ? DateTimeOffset.UnixEpoch.AddTicks((long)(count * unit))
            : null;
    }

    private static string Hint(ReadOnlySpan<char> text)
    {
        const string Setting = "Sources:Csv:TimeFormat";
        if (TryParseNumber(text, out var number))
        {
            return text.ContainsAny('e', 'E') ? "A spreadsheet has rounded it: export the column as text."
                : number is > 20_000 and < 80_000 ? $"It may be a spreadsheet's date, which {Setting}={Excel} reads."
                : number is >= 1 and <= 31 ? "It may be a day of a month: a date is one cell, with its month and year."
                : "An epoch has 10, 13, 16 or 19 digits before the point.";
        }

        var isYearFirst = text.Length > 4 && !text[..4].ContainsAnyExceptInRange('0', '9') && text[4] is '-' or '/' or '.';
        return isYearFirst ? $"There is no such day or time of day in ISO 8601; {Setting} sets an exact form."
            : text.ContainsAny('/', '.', '-') && !text.ContainsAnyExcept("0123456789/.-: ,APMapm")
            ? $"Day or month may come first: {Setting} says which ({DayFirst}, {MonthFirst} or an exact format)."
            : $"ISO 8601 and epochs are read; {Setting} sets other forms, with their date "
                + $"({DayFirst}, {MonthFirst}, {Excel} or an exact one).";
    }
}
