using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Reads times as files write them: ISO 8601, epochs in seconds to nanoseconds, and English names of months. Everything else is refused
/// until
/// <c>Sources:Csv:TimeFormat</c> says how to read it, since a day and a month are exchanged without a trace.
/// </summary>
internal sealed class CsvTime
{
    public const string DayFirst = "day-first";
    public const string MonthFirst = "month-first";
    public const string Excel = "excel";

    private const int MaxLength = 128;

    private static readonly string[] Clocks =
        ["", " H:mm", " H:mm:ss", " H:mm:ss.FFFFFFF", " h:mm tt", " h:mm:ss tt", " h:mmtt", " h:mm:sstt"];

    private static readonly string[] NamedMonths = Times(
        "d MMM yyyy", "d MMMM yyyy", "d-MMM-yyyy", "MMM d yyyy", "MMMM d yyyy", "ddd d MMM yyyy", "ddd MMM d yyyy");
    private static readonly string[] DaysFirst = Times("d/M/yyyy", "d.M.yyyy", "d-M-yyyy", "d/M/yy", "d.M.yy", "d-M-yy");
    private static readonly string[] MonthsFirst = Times("M/d/yyyy", "M.d.yyyy", "M-d-yyyy", "M/d/yy", "M.d.yy", "M-d-yy");

    private static readonly DateTimeOffset ExcelEpoch = new(1899, 12, 30, 0, 0, 0, TimeSpan.Zero);

    private readonly string? _format;
    private readonly string[] _formats;

    /// <param name="format">The setting: <c>day-first</c>, <c>month-first</c>, <c>excel</c>, or an exact format of .NET; null for none of
    /// them.</param>
    public CsvTime(string? format)
    {
        _format = string.IsNullOrWhiteSpace(format) ? null : format;
        _formats = _format switch
        {
            null or Excel => [],
            DayFirst => DaysFirst,
            MonthFirst => MonthsFirst,
            _ => [_format],
        };
    }

    /// <summary>Whether a setting is one of the words, or a format with a year, a month and a day.</summary>
    public static bool IsFormat(string format) =>
        format is DayFirst or MonthFirst or Excel
        || (format.Contains('y') && format.Contains('M') && format.Contains('d') && CanFormat(format));

    /// <summary>Reads a cell.</summary>
    /// <param name="utf8">The cell, unquoted.</param>
    /// <param name="time">The time; null where the cell says that it is not known.</param>
    /// <returns>What can be done about a cell that cannot be read, in a sentence; null where it can.</returns>
    public string? Read(ReadOnlySpan<byte> utf8, out DateTimeOffset? time)
    {
        time = null;
        var text = CsvCell.ReadValue(utf8, stackalloc char[MaxLength]);
        if (text.IsEmpty || CsvCell.IsNullWord(text))
        {
            return null;
        }

        if (text.Length <= MaxLength && (ReadSet(text) ?? ReadEpoch(text) ?? ReadIso(text) ?? ReadNamedMonth(text)) is { } read)
        {
            time = read;
            return null;
        }

        return Hint(text);
    }

    private static string[] Times(params ReadOnlySpan<string> dates)
    {
        var formats = new List<string>();
        foreach (var date in dates)
        {
            formats.AddRange(Clocks.Select(clock => date + clock));
        }

        return [.. formats];
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

    private DateTimeOffset? ReadSet(ReadOnlySpan<char> text)
    {
        if (_format is Excel)
        {
            const NumberStyles Style = NumberStyles.AllowDecimalPoint;
            return !double.TryParse(text, Style, CultureInfo.InvariantCulture, out var days) || days is < 1 or > 2_958_465 // 9999-12-31
                ? null
                : ExcelEpoch.AddMilliseconds(Math.Round(days * TimeSpan.MillisecondsPerDay));
        }

        return _formats.Length == 0 ? null : ReadExact(text, _formats);
    }

    private static DateTimeOffset? ReadIso(ReadOnlySpan<char> text) => IsoTime.TryParse(text, out var time) ? time : null;

    private static DateTimeOffset? ReadNamedMonth(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('a', 'z') || text.ContainsAnyInRange('A', 'Z') ? ReadExact(text, NamedMonths) : null;

    private static DateTimeOffset? ReadExact(ReadOnlySpan<char> text, string[] formats)
    {
        const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParseExact(text, formats, CultureInfo.InvariantCulture, Utc, out var exact))
        {
            return exact;
        }

        // Commas between the parts, and the zone behind them: "Nov 20, 2026, 12:00 UTC".
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
        return DateTimeOffset.TryParseExact(plain, formats, CultureInfo.InvariantCulture, Utc, out var time) ? time : null;
    }

    /// <summary>The time since 1970: ten digits before the point are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds.</summary>
    private static DateTimeOffset? ReadEpoch(ReadOnlySpan<char> text)
    {
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? default : text[(point + 1)..];
        if (whole.ContainsAnyExceptInRange('0', '9') || fraction.ContainsAnyExceptInRange('0', '9'))
        {
            return null;
        }

        long? ticksPerUnit = whole.Length switch
        {
            1 when whole[0] is '0' => TimeSpan.TicksPerSecond,
            10 => TimeSpan.TicksPerSecond,
            13 => TimeSpan.TicksPerMillisecond,
            16 => TimeSpan.TicksPerMicrosecond,
            19 => 0,
            _ => null,
        };
        if (ticksPerUnit is not { } unit || !long.TryParse(whole, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        var ticks = unit == 0 ? count / TimeSpan.NanosecondsPerTick : count * unit;
        var digits = Math.Min(fraction.Length, 7);
        if (digits > 0 && unit > 0)
        {
            ticks += (long)(long.Parse(fraction[..digits], CultureInfo.InvariantCulture) * (decimal)unit / (decimal)Math.Pow(10, digits));
        }

        return DateTimeOffset.UnixEpoch.AddTicks(ticks);
    }

    private static string Hint(ReadOnlySpan<char> text)
    {
        const string Setting = "Sources:Csv:TimeFormat";
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return text.ContainsAny('e', 'E') ? "A spreadsheet has rounded it: export the column as text."
                : number is > 20_000 and < 80_000 ? $"It may be a spreadsheet's date, which {Setting}={Excel} reads."
                : "An epoch has 10, 13, 16 or 19 digits before the point.";
        }

        return text.ContainsAny('/', '.', '-') && !text.ContainsAnyExcept("0123456789/.-: ,APMapm")
            ? $"Day or month may come first: {Setting} says which ({DayFirst}, {MonthFirst} or an exact format)."
            : $"ISO 8601 and epochs are read; {Setting} sets other forms, with their date "
                + $"({DayFirst}, {MonthFirst}, {Excel} or an exact one).";
    }
}
