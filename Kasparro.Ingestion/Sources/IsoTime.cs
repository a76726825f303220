namespace Kasparro.Ingestion.Sources;

/// <summary>
/// Reads unambiguous times: ISO 8601, with the variations that programs write. The year comes first and has four digits, so the order of
/// day and month is never guessed; a time without an offset is UTC.
/// </summary>
internal static class IsoTime
{
    private const int FractionDigits = 7;

    /// <summary>
    /// Reads <c>2026-11-20</c>, <c>20261120</c>, <c>2026-11-20T12:00:00.123456789Z</c>, <c>2026-11-20 12:00 UTC</c>,
    /// <c>2026-11-20T14:00:00+0200</c>, <c>2026/11/20 9:30 PM</c>, <c>2026. 11. 20.</c> and the like. Digits of a fraction after the
    /// seventh are cut off, and 24:00 is 0:00 of the next day.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        time = default;
        var rest = text.Trim();
        if (!TakeDate(ref rest, out var date, out var isCompact)
            || !TakeClock(ref rest, isCompact, out var clock)
            || !TakeOffset(ref rest, out var offset)
            || !rest.IsEmpty)
        {
            return false;
        }

        var utc = date.ToDateTime(TimeOnly.MinValue).Ticks + clock.Ticks - offset.Ticks;
        if (utc < DateTime.MinValue.Ticks || utc > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        time = new DateTimeOffset(utc, TimeSpan.Zero);
        return true;
    }

    private static bool TakeDate(ref ReadOnlySpan<char> rest, out DateOnly date, out bool isCompact)
    {
        date = default;
        isCompact = rest is [_, _, _, _, >= '0' and <= '9', ..];
        if (!TakeDigits(ref rest, 4, 4, out var year))
        {
            return false;
        }

        int month;
        int day;
        if (rest is ['-' or '/' or '.', ..])
        {
            var separator = rest[0];
            if (!TakeSeparator(ref rest, separator) || !TakeDigits(ref rest, 1, 2, out month)
                || !TakeSeparator(ref rest, separator) || !TakeDigits(ref rest, 1, 2, out day))
            {
                return false;
            }

            _ = separator is '.' && Take(ref rest, separator);
        }
        else if (!TakeDigits(ref rest, 2, 2, out month) || !TakeDigits(ref rest, 2, 2, out day))
        {
            return false;
        }

        if (year is 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateOnly(year, month, day);
        return true;
    }

    /// <summary>
    /// Takes the time of day, if there is one: <c>T12:30</c>, <c>12.30</c>, <c>T1230</c>, <c>T12Z</c>, <c>9 PM</c>, or <c>1230</c> right
    /// after <c>20261120</c>; <c>T12</c> alone is not valid.
    /// </summary>
    private static bool TakeClock(ref ReadOnlySpan<char> rest, bool isCompact, out TimeSpan clock)
    {
        clock = default;
        var isGlued = isCompact && rest is [>= '0' and <= '9', ..];
        rest = rest is [',', ' ', ..] ? rest[1..] : rest; // JavaScript writes a comma here.
        if (!isGlued
            && (rest is not (['T' or 't' or ' ' or '_', ..] or ['-', _, _, '.', ..]) // Db2 has a hyphen here.
                || rest.TrimStart(" Tt_-") is not [>= '0' and <= '9', ..]))
        {
            return true;
        }

        rest = isGlued ? rest : rest[1..].TrimStart(' ');
        if (!TakeDigits(ref rest, isGlued ? 2 : 1, 2, out var hour))
        {
            return false;
        }

        var separator = rest is ['.', >= '0' and <= '9', >= '0' and <= '9', ..] ? '.' : ':'; // Oracle and Finland have points.
        var hasColons = Take(ref rest, separator);
        var second = 0;
        long fraction = 0;
        var isHour = !hasColons && (rest is ['Z' or 'z'] || rest.TrimStart(' ') is ['A' or 'a' or 'P' or 'p', 'M' or 'm', ..]);
        if (!TakeDigits(ref rest, 2, 2, out var minute) && !isHour)
        {
            return false;
        }

        if (hasColons ? Take(ref rest, separator) : rest is [>= '0' and <= '9', ..])
        {
            if (!TakeDigits(ref rest, 2, 2, out second) || (rest is ['.' or ',', ..] && !TakeFraction(ref rest, out fraction)))
            {
                return false;
            }
        }

        // 24:00 ends a day and a leap second (59:60) an hour; neither can be represented, so both become the next instant.
        clock = new TimeSpan(hour, minute, second) + TimeSpan.FromTicks(fraction);
        return TakeHalf(ref rest, ref clock) && minute <= 59 && (second <= 59 || (second, minute) == (60, 59))
            && clock <= TimeSpan.FromDays(1);
    }

    private static bool TakeFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        rest = rest[1..];
        var digits = 0;
        for (; rest is [>= '0' and <= '9', ..]; rest = rest[1..], digits++)
        {
            ticks = digits < FractionDigits ? (ticks * 10) + rest[0] - '0' : ticks;
        }

        for (var i = digits; i < FractionDigits; i++)
        {
            ticks *= 10;
        }

        return digits > 0;
    }

    /// <summary>Takes AM or PM, if present, also as <c>p.m.</c> or <c>p. m.</c>; the hour must then be 1–12.</summary>
    private static bool TakeHalf(ref ReadOnlySpan<char> rest, ref TimeSpan clock)
    {
        var half = rest.TrimStart(' ');
        var isMorning = half is ['A' or 'a', ..];
        if (!isMorning && half is not ['P' or 'p', ..])
        {
            return true;
        }

        half = half[1..].TrimStart(". ");
        if (half is not ['M' or 'm', ..])
        {
            return true;
        }

        rest = half[1..].TrimStart('.');
        var hour = (int)clock.TotalHours;
        clock += TimeSpan.FromHours((hour % 12) - hour + (isMorning ? 0 : 12));
        return hour is >= 1 and <= 12;
    }

    /// <summary>
    /// Takes the offset from UTC, if there is one: <c>Z</c>, <c>UTC</c>, <c>GMT</c>, <c>+02:00</c>, <c>+0200</c>, <c>+02</c>, <c>UTC+2</c>;
    /// a zone name after it adds nothing: <c>+0000 UTC</c>, <c>+01:00[Europe/Berlin]</c>.
    /// </summary>
    private static bool TakeOffset(ref ReadOnlySpan<char> rest, out TimeSpan offset)
    {
        offset = default;
        rest = rest.TrimStart(' ');
        var isUtc = false;
        foreach (var zone in (ReadOnlySpan<string>)["Z", "(UTC)", "(GMT)", "[UTC]", "[Z]", "UTC", "GMT", "Etc/UTC"])
        {
            if (rest.StartsWith(zone, StringComparison.OrdinalIgnoreCase))
            {
                rest = rest[zone.Length..];
                isUtc = true;
                break;
            }
        }

        if (rest is not ['+' or '-' or '\u2212', ..])
        {
            return !isUtc || rest.IsEmpty || TakeBracketed(ref rest, offset);
        }

        var sign = rest[0] is '+' ? 1 : -1;
        rest = rest[1..];
        if (!TakeDigits(ref rest, 1, 2, out var hours))
        {
            return false;
        }

        var minutes = 0;
        if ((Take(ref rest, ':') || rest is [>= '0' and <= '9', ..]) && !TakeDigits(ref rest, 2, 2, out minutes))
        {
            return false;
        }

        offset = sign * new TimeSpan(hours, minutes, 0);
        return hours <= 14 && minutes <= 59 && TakeZoneName(ref rest, offset);
    }

    /// <summary>Takes the zone name after the offset: <c>CET</c>, <c>[Europe/Berlin]</c>, <c>(Central European Time)</c>.</summary>
    private static bool TakeZoneName(ref ReadOnlySpan<char> rest, TimeSpan offset)
    {
        const int MaxAbbreviation = 5;
        rest = rest.TrimStart(' ');
        if (rest.IsEmpty || rest[0] is '[' or '(')
        {
            return rest.IsEmpty || TakeBracketed(ref rest, offset);
        }

        foreach (var c in rest)
        {
            if (!char.IsAsciiLetter(c) || rest.Length > MaxAbbreviation)
            {
                return false;
            }
        }

        var isSame = offset == TimeSpan.Zero || !IsUtc(rest);
        rest = [];
        return isSame;
    }

    private static bool TakeBracketed(ref ReadOnlySpan<char> rest, TimeSpan offset)
    {
        rest = rest.TrimStart(' ');
        if (rest is not (['[', .., ']'] or ['(', .., ')']))
        {
            return false;
        }

        var isSame = offset == TimeSpan.Zero || !IsUtc(rest[1..^1]);
        rest = [];
        return isSame;
    }

    private static bool IsUtc(ReadOnlySpan<char> zone) =>
        zone.Equals("UTC", StringComparison.OrdinalIgnoreCase) || zone.Equals("GMT", StringComparison.OrdinalIgnoreCase)
        || zone.Equals("Z", StringComparison.OrdinalIgnoreCase);

    /// <summary>Takes the separator of a date's parts; Korean and Hungarian dates have a space after the dot.</summary>
    private static bool TakeSeparator(ref ReadOnlySpan<char> rest, char separator)
    {
        var isTaken = Take(ref rest, separator);
        rest = separator is '.' ? rest.TrimStart(' ') : rest;
        return isTaken;
    }

    private static bool Take(ref ReadOnlySpan<char> rest, char expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }

    private static bool TakeDigits(ref ReadOnlySpan<char> rest, int least, int most, out int value)
    {
        value = 0;
        var count = 0;
        for (; count < most && rest is [>= '0' and <= '9', ..]; rest = rest[1..], count++)
        {
            value = (value * 10) + rest[0] - '0';
        }

        return count >= least;
    }
}
