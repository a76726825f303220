using System.Buffers;
using System.Globalization;
using System.Text;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>Removes what exporters and spreadsheets add to the text of a cell.</summary>
internal static class CsvCell
{
    /// <summary>
    /// Invisible characters that stick to texts: byte order marks, zero-width spaces, soft hyphens, direction marks, invisible operators,
    /// annotation anchors.
    /// </summary>
    private const string Marks = "\uFEFF\u200B\u2060\u00AD\u061C\u180E\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2061\u2062\u2063\u2064"
        + "\u2066\u2067\u2068\u2069\u206A\u206B\u206C\u206D\u206E\u206F\uFFF9\uFFFA\uFFFB";

    /// <summary>Characters that join their neighbors in emoji and some scripts, and have no effect at the ends of a text.</summary>
    private const string Joiners = "\u200C\u200D\u034F";

    /// <summary>Pairs of opening and closing quotation marks in various languages.</summary>
    private const string Quotes =
        "\"\"\u201C\u201D\u201E\u201C\u201E\u201D\u201D\u201D\u00AB\u00BB\u00BB\u00AB\u2039\u203A\u203A\u2039\u2018\u2019\u201A\u2018``";

    private static readonly SearchValues<char> Invisible = SearchValues.Create(Marks);
    private static readonly SearchValues<char> InvisibleInValues = SearchValues.Create(Marks + Joiners + '\uFE0F');
    private static readonly SearchValues<char> Edges = SearchValues.Create("='" + Quotes + Joiners + '\uFE0F');

    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The longest cell, in bytes, that is compared with the words for "not known".</summary>
    private const int MaxNone = 64;

    /// <summary>Words for "none" in any cell; no coin has such a name.</summary>
    internal static readonly HashSet<string> NoWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "n/a", "n.a.", "n/d", "#na", "#nv", "#yok", "#getting_data", "<na>", "(null)", "<null>", "[null]", "\\n", "(empty)", "(blank)",
    };

    /// <summary>Words for "not known" in ids, numbers and times only, since a coin may be called None.</summary>
    internal static readonly HashSet<string> NotKnownWords = new(NoWords, StringComparer.OrdinalIgnoreCase)
    {
        "na", "n.a", "n. a.", "n.d.", "n.m.", "nan", "-nan", "nan(ind)", "-nan(ind)", "nat", "1.#qnan", "1.#ind", "-1.#ind", "null",
        "none", "nil", "undefined", "unknown",
        "unavailable", "not available", "not known", "not applicable", "no data", "missing", "empty", "blank", "tbd", "tba", "tbc",
        "k.a.", "k. a.", "n.v.", "n. v.", "loading...", "loading\u2026", "error", ".", "..", "...", "\u2026", "?", "??", "???", "*",
    };

    /// <summary>Words for "not known" or "unlimited" in numbers and times; no program writes the latter for an id.</summary>
    internal static readonly HashSet<string> NullWords = new(NotKnownWords, StringComparer.OrdinalIgnoreCase)
    {
        "\u221E", "+\u221E", "-\u221E", "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity", "infinite", "unlimited",
        "1.#inf", "-1.#inf", "uncapped", "no limit", "no max", "no cap",
    };

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NullWordLookup =
        NullWords.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> NotKnownLookup =
        NotKnownWords.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether the cell of a number or time says that the value is not known.</summary>
    public static bool IsNullWord(ReadOnlySpan<char> text) => NullWordLookup.Contains(text) || SaysNothing(text)
        || text.StartsWith("N/A (", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the text of a symbol or name says that there is none.</summary>
    public static bool IsNoName(string text) => NoWords.Contains(text) || SaysNothing(text);

    /// <summary>Whether the cell of an id says that there is none.</summary>
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
        text = text is [.., <= '\x7F', '\uFE0F'] ? text[..^1] : text; // Only emoji need the selector.
        return text.Length == 0 ? text
            : text is ['b', '\'', .., '\''] ? text[2..^1].Trim() // Python's bytes.
            : text[0] is '=' or '\'' ? Unforce(text, isName)
            : IsQuoted(text) ? text[1..^1].Trim()
            : text;
    }

    /// <summary>The text of a number or time, decoded into <paramref name="buffer"/>; uncleaned if it may not fit.</summary>
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

    /// <summary>Converts full-width characters and digits of any script to ASCII; leaves others unchanged.</summary>
    public static char ToAscii(char c) => c <= '\x7F' ? c
        : c is >= '\uFF01' and <= '\uFF5E' ? (char)(c - 0xFEE0)
        : char.IsDigit(c) ? (char)('0' + (int)char.GetNumericValue(c))
        : c;

    /// <summary>Removes invisible characters from a text.</summary>
    public static string WithoutInvisible(string text) =>
        text.AsSpan().ContainsAny(Invisible) ? string.Concat(text.Where(c => !Invisible.Contains(c))) : text;

    /// <summary>
    /// Whether a row contains only delimiters, quotes, lines (<c>|---|---|</c>), white space, invisible characters, and padding at the end
    /// of a file (NUL, Ctrl+Z).
    /// </summary>
    public static bool IsBlankRow(ReadOnlySpan<byte> utf8) => !utf8.ContainsAny(Letters)
        && (Ascii.IsValid(utf8) || Encoding.UTF8.GetString(utf8).All(
            c => c <= '\x7F' || char.IsWhiteSpace(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format));

    /// <summary>
    /// Whether a text is only dashes, which consoles also print below a header, or a spreadsheet's error in any language:
    /// <c>#REF!</c>, <c>#NOM?</c>, <c>#N/D</c>, <c>#N/A Invalid Security</c>, <c>Err:502</c>.
    /// </summary>
    private static bool SaysNothing(ReadOnlySpan<char> text) => text switch
    {
        ['-' or '\u2013' or '\u2014' or '\u2015' or '\u2212', ..] => text.Trim("-\u2013\u2014\u2015\u2212 ").IsEmpty,
        ['#', _, .., '!' or '?'] => !text.Contains(' '),
        ['#', _, '/', _, ..] => text.Length == 4 || text[4] is ' ',
        _ => text.Length == 7 && text.StartsWith("Err:", StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Whether a text was quoted twice (<c>"""BTC"""</c> in the file) or with quotation marks unknown to CSV.</summary>
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
    /// Removes what makes a spreadsheet treat a cell as text (<c>="007"</c>, <c>'007</c>), and single quotes around it (<c>'text'</c>).
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

        // A name may begin with an apostrophe; one before a digit or a formula's sign was added by a spreadsheet.
        var isForced = text is ['\'', var next, ..] && (!isName || next is (>= '0' and <= '9') or '=' or '+' or '-' or '@');
        return isForced ? text[1..].Trim() : text;
    }
}
