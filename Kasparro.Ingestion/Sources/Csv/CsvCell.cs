using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Cleans the text of one cell of what exporters and spreadsheets add to it.</summary>
internal static class CsvCell
{
    /// <summary>
    /// Marks that no one sees and that are glued to texts: byte order marks, zero-width spaces, soft hyphens, direction marks.
    /// </summary>
    private static readonly SearchValues<char> Invisible =
        SearchValues.Create("\uFEFF\u200B\u2060\u00AD\u200E\u200F\u202A\u202B\u202C\u2066\u2067\u2068\u2069");

    /// <summary>Words for "not known". Of numbers and times only: a coin may be called None.</summary>
    private static readonly HashSet<string> NullWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "n/a", "na", "n.a.", "n.a", "n/d", "n.d.", "#n/a", "#na", "#n/a n/a", "<na>", "nan", "-nan", "1.#qnan", "1.#ind",
        "null", "(null)", "<null>", "[null]", "none", "nil", "\\n", "undefined", "unknown", "unavailable", "not available", "not known",
        "not applicable", "no data", "missing", "empty", "(empty)", "(blank)", "blank", "tbd", "tba", "tbc", "k.a.", "n.v.",
        "-", "--", "---", "\u2013", "\u2014", "\u2015", "\u2212", ".", "..", "...", "\u2026", "?", "??", "???", "*",
        "\u221E", "+\u221E", "-\u221E", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "infinite", "unlimited",
        "uncapped", "no limit", "no max", "no cap",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NullWordLookup =
        NullWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a number's or a time's cell says that the value is not known.</summary>
    public static bool IsNullWord(ReadOnlySpan<char> text) => NullWordLookup.Contains(text);

    /// <summary>The text of an id, symbol or name.</summary>
    /// <param name="utf8">The cell, unquoted.</param>
    /// <param name="isName">Whether a leading apostrophe may be part of it.</param>
    public static string ReadText(ReadOnlySpan<byte> utf8, bool isName)
    {
        var text = Encoding.UTF8.GetString(utf8).Trim();
        if (text.Length == 0 || (text[0] is not ('=' or '\'') && !text.AsSpan().ContainsAny(Invisible)))
        {
            return text;
        }

        text = WithoutInvisible(text).Trim();
        return text.Length > 0 && text[0] is '=' or '\'' ? Unforce(text, isName) : text;
    }

    /// <summary>
    /// The text of a number or a time, decoded into <paramref name="buffer"/>; empty where it does not fit, as nothing that says something
    /// would.
    /// </summary>
    public static ReadOnlySpan<char> ReadValue(ReadOnlySpan<byte> utf8, Span<char> buffer)
    {
        if (utf8.Length > buffer.Length)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        var length = Encoding.UTF8.GetChars(utf8, buffer);
        var kept = 0;
        foreach (var c in buffer[..length])
        {
            if (!Invisible.Contains(c))
            {
                buffer[kept++] = c;
            }
        }

        var text = (ReadOnlySpan<char>)buffer[..kept].Trim();
        if (text is ['=', '"', .., '"'] && text.Length > 2)
        {
            text = text[2..^1].Trim();
        }

        return text is ['\'', ..] ? text.Trim('\'').Trim() : text;
    }

    /// <summary>A text without marks that no one sees.</summary>
    public static string WithoutInvisible(string text) =>
        text.AsSpan().ContainsAny(Invisible) ? string.Concat(text.Where(c => !Invisible.Contains(c))) : text;

    /// <summary>Whether a row has nothing in it but delimiters, quotes, white space and marks that no one sees.</summary>
    public static bool IsBlankRow(ReadOnlySpan<byte> utf8, char delimiter)
    {
        foreach (var b in utf8)
        {
            if (b > 0x7F)
            {
                return IsBlank(Encoding.UTF8.GetString(utf8), delimiter);
            }

            if (b is not ((byte)' ' or (byte)'\t' or (byte)'"' or (byte)'\r' or (byte)'\n') && b != delimiter)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBlank(string text, char delimiter) =>
        text.All(c => c == delimiter || c == '"' || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format);

    /// <summary>
    /// Takes off what forces a spreadsheet to keep a text: <c>="007"</c>, <c>'007</c>, and quotes of the other kind, <c>'text'</c>.
    /// </summary>
    private static string Unforce(string text, bool isName)
    {
        if (text is ['=', '"', .., '"'] && text.Length > 3)
        {
            return text[2..^1].Replace("\"\"", "\"", StringComparison.Ordinal).Trim();
        }

        if (text is ['\'', .., '\''] && text.Length > 2)
        {
            return text[1..^1].Replace("''", "'", StringComparison.Ordinal).Trim();
        }

        // A name may begin with an apostrophe; before a figure or a formula's sign it is a spreadsheet's.
        var isForced = text is ['\'', var next, ..] && (!isName || next is (>= '0' and <= '9') or '=' or '+' or '-' or '@');
        return isForced ? text[1..].Trim() : text;
    }
}
