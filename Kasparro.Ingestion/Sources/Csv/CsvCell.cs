using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Cleans the text of one cell of what exporters and spreadsheets add to it.</summary>
internal static class CsvCell
{
    /// <summary>
    /// Marks that no one sees and that are glued to texts: byte order marks, zero-width spaces, soft hyphens, direction marks, operators of
    /// formulas, anchors of annotations.
    /// </summary>
    private const string Marks = "\uFEFF\u200B\u2060\u00AD\u061C\u180E\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2061\u2062\u2063\u2064"
        + "\u2066\u2067\u2068\u2069\u206A\u206B\u206C\u206D\u206E\u206F\uFFF9\uFFFA\uFFFB";

    /// <summary>Others that join what is on both sides, in emoji and some scripts, and join nothing at the ends of a text.</summary>
    private const string Joiners = "\u200C\u200D\u034F";

    /// <summary>What opens a quote, and what closes it, as countries write them.</summary>
    private const string Quotes =
        "\"\"\u201C\u201D\u201E\u201C\u201E\u201D\u201D\u201D\u00AB\u00BB\u00BB\u00AB\u2039\u203A\u203A\u2039\u2018\u2019\u201A\u2018``";

    private static readonly SearchValues<char> Invisible = SearchValues.Create(Marks);
    private static readonly SearchValues<char> InvisibleInValues = SearchValues.Create(Marks + Joiners + '\uFE0F');
    private static readonly SearchValues<char> Edges = SearchValues.Create("='" + Quotes + Joiners + '\uFE0F');

    /// <summary>The longest word for "not known", and more.</summary>
    private const int MaxNone = 64;

    /// <summary>Words for "none" that no coin is called, of any cell.</summary>
    internal static readonly HashSet<string> NoWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "n/a", "n.a.", "n/d", "#na", "#nv", "#yok", "#getting_data", "<na>", "(null)", "<null>", "[null]", "\\n", "(empty)", "(blank)",
    };

    /// <summary>Words for "not known". Of ids, numbers and times only: a coin may be called None.</summary>
    internal static readonly HashSet<string> NotKnownWords = new(NoWords, StringComparer.OrdinalIgnoreCase)
    {
        "na", "n.a", "n. a.", "n.d.", "n.m.", "nan", "-nan", "nan(ind)", "-nan(ind)", "nat", "1.#qnan", "1.#ind", "-1.#ind", "null",
        "none", "nil", "undefined", "unknown",
        "unavailable", "not available", "not known", "not applicable", "no data", "missing", "empty", "blank", "tbd", "tba", "tbc",
        "k.a.", "k. a.", "n.v.", "n. v.", "loading...", "loading\u2026", "error", ".", "..", "...", "\u2026", "?", "??", "???", "*",
    };

    /// <summary>Words for "not known" of numbers, with those for what has no end: no program writes them for an id.</summary>
    internal static readonly HashSet<string> NullWords = new(NotKnownWords, StringComparer.OrdinalIgnoreCase)
    {
        "\u221E", "+\u221E", "-\u221E", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "infinite", "unlimited",
        "1.#inf", "-1.#inf", "uncapped", "no limit", "no max", "no cap",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NullWordLookup =
        NullWords.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NotKnownLookup =
        NotKnownWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a number's or a time's cell says that the value is not known.</summary>
    public static bool IsNullWord(ReadOnlySpan<char> text) => NullWordLookup.Contains(text) || SaysNothing(text)
        || text.StartsWith("N/A (", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a symbol's or a name's text says that there is none.</summary>
    public static bool IsNoName(string text) => NoWords.Contains(text) || SaysNothing(text);

    /// <summary>Whether an id's cell says that there is none.</summary>
    public static bool IsNone(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxNone)
        {
            return false;
        }

        var text = ReadValue(utf8, stackalloc char[MaxNone]);
        return text.IsEmpty || SaysNothing(text) || NotKnownLookup.Contains(text);
    }

    /// <summary>The text of an id, symbol or name.</summary>
    /// <param name="utf8">The cell, unquoted.</param>
    /// <param name="isName">Whether a leading apostrophe may be part of it.</param>
    public static string ReadText(ReadOnlySpan<byte> utf8, bool isName)
    {
        var text = Encoding.UTF8.GetString(utf8).Trim();
        if (text.Length == 0 || (!Edges.Contains(text[0]) && !Edges.Contains(text[^1]) && !text.AsSpan().ContainsAny(Invisible)))
        {
            return text;
        }

        text = WithoutInvisible(text).Trim().Trim(Joiners.ToCharArray()).Trim();
        text = text is [.., <= '\x7F', '\uFE0F'] ? text[..^1] : text; // Emoji need it.
        return text.Length == 0 ? text
            : text[0] is '=' or '\'' ? Unforce(text, isName)
            : IsQuoted(text) ? text[1..^1].Trim()
            : text;
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
            if (!InvisibleInValues.Contains(c))
            {
                buffer[kept++] = ToAscii(c);
            }
        }

        var text = (ReadOnlySpan<char>)buffer[..kept].Trim();
        if (text is ['=', '"', .., '"'])
        {
            text = text[2..^1].Trim();
        }

        if (IsQuoted(text))
        {
            text = text[1..^1].Trim();
        }

        return text is ['\'', ..] ? text.Trim('\'').Trim() : text;
    }

    /// <summary>The ASCII character of a full-width one, or of a digit of any script; others as they are.</summary>
    public static char ToAscii(char c) => c <= '\x7F' ? c
        : c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0)
        : char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c))
        : c;

    /// <summary>A text without marks that no one sees.</summary>
    public static string WithoutInvisible(string text) =>
        text.AsSpan().ContainsAny(Invisible) ? string.Concat(text.Where(c => !Invisible.Contains(c))) : text;

    /// <summary>
    /// Whether a row has nothing in it but delimiters, quotes, white space, marks that no one sees, and what fills a file up to its end.
    /// </summary>
    public static bool IsBlankRow(ReadOnlySpan<byte> utf8, char delimiter)
    {
        foreach (var b in utf8)
        {
            if (b > 0x7F)
            {
                return IsBlank(Encoding.UTF8.GetString(utf8), delimiter);
            }

            if (b is not ((byte)' ' or (byte)'\t' or (byte)'"' or (byte)'\r' or (byte)'\n' or 0 or 0x1A) && b != delimiter)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBlank(string text, char delimiter) =>
        text.All(c => c == delimiter || c == '"' || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format);

    /// <summary>
    /// Whether a text is dashes, one or more, as consoles have lines of them below a header, or a spreadsheet's error in any language:
    /// <c>#REF!</c>, <c>#NOM?</c>, <c>#N/D</c>, <c>#N/A Invalid Security</c>, <c>Err:502</c>.
    /// </summary>
    private static bool SaysNothing(ReadOnlySpan<char> text) => text switch
    {
        ['-' or '\u2013' or '\u2014' or '\u2015' or '\u2212', ..] => text.Trim("-\u2013\u2014\u2015\u2212 ").IsEmpty,
        ['#', _, .., '!' or '?'] => !text.Contains(' '),
        ['#', _, '/', _, ..] => text.Length == 4 || text[4] is ' ',
        _ => text.Length == 7 && text.StartsWith("Err:", StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Whether a text was quoted twice, <c>"""BTC"""</c> in the file, or by quotes that are none to CSV.</summary>
    private static bool IsQuoted(ReadOnlySpan<char> text)
    {
        for (var i = 0; text.Length > 1 && i < Quotes.Length; i += 2)
        {
            if (text[0] == Quotes[i] && text[^1] == Quotes[i + 1])
            {
                return !text[1..^1].ContainsAny(Quotes[i], Quotes[i + 1]);
            }
        }

        return false;
    }

    /// <summary>
    /// Takes off what forces a spreadsheet to keep a text: <c>="007"</c>, <c>'007</c>, and quotes of the other kind, <c>'text'</c>.
    /// </summary>
    private static string Unforce(string text, bool isName)
    {
        if (text is ['=', '"', .., '"'])
        {
            return text[2..^1].Replace("\"\"", "\"", StringComparison.Ordinal).Trim();
        }

        if (text is "'")
        {
            return "";
        }

        if (text is ['\'', .., '\''])
        {
            return text[1..^1].Replace("''", "'", StringComparison.Ordinal).Trim();
        }

        // A name may begin with an apostrophe; before a figure or a formula's sign it is a spreadsheet's.
        var isForced = text is ['\'', var next, ..] && (!isName || next is (>= '0' and <= '9') or '=' or '+' or '-' or '@');
        return isForced ? text[1..].Trim() : text;
    }
}
