using System.Globalization;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Numbers as CSV files write them: <c>1234.5</c>, or with a decimal comma <c>1234,5</c> and <c>1.234,5</c>.</summary>
internal static class CsvNumber
{
    /// <summary>Longer than any number that says something.</summary>
    private const int MaxLength = 400;

    public static bool TryParse(ReadOnlySpan<byte> text, bool decimalComma, out double value)
    {
        if (!decimalComma)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        value = 0;
        text = text.Trim(" \t"u8);
        Span<byte> plain = stackalloc byte[MaxLength];
        return text.Length <= MaxLength
            && TryRemoveGroups(text, plain, out var length)
            && double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// Whether a number can only have a decimal comma (true) or only a decimal point (false); null where it says neither. <c>1,234</c> says
    /// neither: a guess would be wrong by a factor of 1,000.
    /// </summary>
    public static bool? HasDecimalComma(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t+-"u8);
        if (text.IndexOfAnyExcept("0123456789.,eE+-"u8) >= 0)
        {
            return null;
        }

        var comma = text.LastIndexOf((byte)',');
        var point = text.LastIndexOf((byte)'.');
        if (comma < 0)
        {
            return point >= 0 && !IsGrouped(text) ? false : null;
        }

        if (point > comma)
        {
            return false; // 1,234.5
        }

        if (text[..comma].Contains((byte)','))
        {
            return null; // 1,234,567
        }

        var fraction = text[(comma + 1)..];
        var mantissa = fraction.IndexOfAnyExcept("0123456789"u8);
        var digits = mantissa < 0 ? fraction.Length : mantissa;
        return point >= 0 || digits != 3 || comma == 0 || text[0] == '0' ? true : null;
    }

    /// <summary>Whether points part whole groups of three digits: <c>1.234.567</c>.</summary>
    private static bool IsGrouped(ReadOnlySpan<byte> whole)
    {
        var first = whole.IndexOf((byte)'.');
        if (first is < 1 or > 3)
        {
            return false;
        }

        for (whole = whole[first..]; !whole.IsEmpty; whole = whole[4..])
        {
            if (whole.Length < 4 || whole[0] != '.' || whole.Slice(1, 3).ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryRemoveGroups(ReadOnlySpan<byte> text, Span<byte> plain, out int length)
    {
        length = 0;
        if (text is [(byte)'+' or (byte)'-', ..])
        {
            plain[length++] = text[0];
            text = text[1..];
        }

        var end = text.IndexOfAny(",eE"u8);
        var whole = end < 0 ? text : text[..end];
        if (whole.Contains((byte)'.') && !IsGrouped(whole))
        {
            return false;
        }

        foreach (var b in whole)
        {
            if (b != '.')
            {
                plain[length++] = b;
            }
        }

        var rest = end < 0 ? default : text[end..];
        if (rest.Contains((byte)'.'))
        {
            return false;
        }

        rest.CopyTo(plain[length..]);
        if (rest is [(byte)',', ..])
        {
            plain[length] = (byte)'.';
        }

        length += rest.Length;
        return true;
    }
}
