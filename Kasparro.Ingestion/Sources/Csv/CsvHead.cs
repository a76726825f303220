using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>A file's header, and what the start of the file tells of all its rows.</summary>
internal sealed class CsvHead
{
    /// <summary>Lines among which the header is looked for: exports begin with titles, sources, dates, comments.</summary>
    private const int PreambleLines = 20;

    private const int NamesInMessage = 30;

    private const string NotValid = "is not valid in its encoding, UTF-8 where no other is set: set Sources:Csv:Encoding.";

    /// <summary>Words of lines that say in which currency prices are.</summary>
    private static readonly HashSet<string> Amounts = new(StringComparer.Ordinal)
    {
        "price", "prices", "priced", "value", "values", "amounts", "figures", "quotes", "quoted", "denominated", "preis", "preise",
        "kurse", "werte", "prix",
    };

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    private readonly HeaderLine _text;

    private CsvHead(HeaderLine text, CsvLayout layout)
    {
        _text = text;
        Layout = layout;
    }

    public CsvLayout Layout { get; }

    /// <summary>The header as it is written; rows that repeat it are none.</summary>
    public ReadOnlyMemory<byte> Row => _text.Row;

    /// <summary>Where the header ends in the text: at its line break, or at the end of the text.</summary>
    public int End => _text.End;

    /// <summary>The line in which the header ends, from 1.</summary>
    public long Line => _text.Line;

    /// <summary>What it has for a header: of two lines, that with the higher is the header. A comment may tell of the columns.</summary>
    private (bool IsPlain, int KnownFields) Worth => (_text.Names[0] is not (['#', ' ', ..] or ['/', '/', ..]), Layout.KnownFields);

    /// <summary>
    /// Finds the header: among the first few lines, up to the first row of a table, the one that has a column for all that a record needs,
    /// and for most of the rest.
    /// </summary>
    /// <param name="text">The start of the text.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <param name="options">What is not to be detected.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="SourceException">The header is missing, malformed, or lacks a column that records need.</exception>
    public static CsvHead Read(ReadOnlyMemory<byte> text, bool isWhole, CsvOptions options, string fileName)
    {
        var start = SkipMarks(text.Span);
        var hint = ReadSeparatorHint(text.Span, ref start);
        char[] candidates = options.DelimiterCharacter is { } set ? [set] : hint is { } told ? [told, .. Delimiters] : Delimiters;
        CsvHead? found = null;
        HeaderLine? nearest = null;
        string? fault = null;
        var line = 1L + CsvRows.LineBreaks(text.Span[..start]);
        for (var i = 0; i < PreambleLines && start < text.Length; i++)
        {
            string? lineFault = null;
            var best = ReadLine(text, start, line, isWhole, candidates, hint, options, ref lineFault);
            if (best is { Missing.Count: 0 })
            {
                // A comment, a filter or a title may name columns too.
                var head = new CsvHead(best, CsvLayout.Create(best.Delimiter, best.Names, options));
                found = found is null || head.Worth.CompareTo(found.Worth) > 0 ? head : found;
            }
            else if (found is not null && found.HasRowAt(text[start..]))
            {
                break;
            }
            else if (nearest is null || (best is not null && best.KnownFields > nearest.KnownFields))
            {
                nearest = best ?? nearest;
                fault ??= lineFault;
            }

            if (!NextLine(text.Span, ref start, ref line))
            {
                break;
            }
        }

        if (found is not null)
        {
            if (!found.Layout.SaysDollars && FindCurrency(text.Span[..(found.End - found.Row.Length)]) is { } currency)
            {
                throw new SourceException($"{fileName} says above its header that prices are in {currency}, and dollars alone are read. "
                    + "Where they are in dollars, Sources:Csv:HeaderAliases:price_usd names their column.");
            }

            return Utf8.IsValid(found.Row.Span) ? found.WithSample(text, isWhole, options)
                : throw new SourceException($"{fileName} has a header that {NotValid}");
        }

        // One column is what a delimiter gives that is none, and its quotes are then no quotes: the others' verdict counts.
        if (nearest is null || (fault is not null && nearest.Names.Length == 1))
        {
            throw new SourceException($"{fileName} {fault ?? "is empty: it has no header."}");
        }

        var names = nearest.Names.Take(NamesInMessage).Select(Printable);
        throw new SourceException(
            $"{fileName} has no column for {string.Join(" and ", nearest.Missing)}; it has {string.Join(", ", names)}"
            + $"{(nearest.Names.Length > NamesInMessage ? ", …" : "")}."
            + (nearest.Names.Length == 1 ? " If that is several columns, Sources:Csv:Delimiter says what separates them." : "")
            + (Utf8.IsValid(nearest.Row.Span) ? "" : $" That line {NotValid}"));
    }

    private static HeaderLine? ReadLine(
        ReadOnlyMemory<byte> text, int start, long line, bool isWhole, char[] candidates, char? hint, CsvOptions options, ref string? fault)
    {
        HeaderLine? best = null;
        foreach (var candidate in candidates)
        {
            // The right delimiter is the one under which the header names what a record needs; the number of columns alone says less.
            var read = ReadHeader(text, start, line, isWhole, candidate, options, ref fault);
            if (read is not null && (best is null || Rank(read, hint).CompareTo(Rank(best, hint)) > 0))
            {
                best = read;
            }
        }

        return best;
    }

    /// <summary>
    /// The currency other than dollars that the lines above a header say prices are in: <c>All prices in EUR</c>, <c>Currency: €</c>; null
    /// where they say none.
    /// </summary>
    private static string? FindCurrency(ReadOnlySpan<byte> preamble)
    {
        var words = HeaderWords.Split(Encoding.UTF8.GetString(preamble)).ConvertAll(word => word.Text);
        for (var i = 1; i < words.Count; i++)
        {
            var before = words[Math.Max(0, i - 4)..i];
            var isSaid = before[^1] switch
            {
                "currency" or "ccy" or "w\u00E4hrung" => before is not [.., "base", _], // Of a pair, that is what is priced.
                "in" or "en" => before.Exists(Amounts.Contains),
                _ => false,
            };
            if (isSaid && CsvMoney.IsCurrency(words[i]))
            {
                return words[i].ToUpperInvariant();
            }
        }

        return null;
    }

    private static (int Required, bool IsHinted, int Columns) Rank(HeaderLine line, char? hint) =>
        (-line.Missing.Count, line.Delimiter == hint, line.Names.Length);

    /// <summary>
    /// Byte order marks and zero-width spaces at the start: some files have several. A mark that was read as Windows-1252 is one too.
    /// </summary>
    private static int SkipMarks(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (text[length..] is [0xEF, 0xBB, 0xBF, ..] or [0xE2, 0x80, 0x8B, ..] or [0xE2, 0x81, 0xA0, ..]
            or [0xC3, 0xAF, 0xC2, 0xBB, 0xC2, 0xBF, ..])
        {
            length += text[length] == 0xC3 ? 6 : 3;
        }

        return length;
    }

    /// <summary>Excel's first line <c>sep=;</c>, which is no header.</summary>
    private static char? ReadSeparatorHint(ReadOnlySpan<byte> text, ref int start)
    {
        var first = text[start..];
        var isQuoted = first is [(byte)'"', ..];
        var hint = isQuoted ? first[1..] : first;
        var end = isQuoted ? 6 : 5;
        if (hint.Length <= end || !Ascii.EqualsIgnoreCase(hint[..4], "sep="u8) || hint[end] is not ((byte)'\r' or (byte)'\n'))
        {
            return null;
        }

        start += isQuoted ? end + 1 : end;
        return (char)hint[4];
    }

    private static bool NextLine(ReadOnlySpan<byte> text, ref int start, ref long line)
    {
        var end = text[start..].IndexOfAny((byte)'\r', (byte)'\n');
        if (end < 0)
        {
            return false;
        }

        start += end + (text[(start + end)..] is [(byte)'\r', (byte)'\n', ..] ? 2 : 1);
        line++;
        return true;
    }

    private static HeaderLine? ReadHeader(
        ReadOnlyMemory<byte> text, int start, long line, bool isWhole, char delimiter, CsvOptions options, ref string? fault)
    {
        using var reader = CsvReader.Create(text[start..], CsvRows.ReaderOptions(delimiter));
        if (!reader.Read())
        {
            return null;
        }

        var raw = reader.RawRecord;
        var begin = start + (int)reader.ByteOffset;
        var end = begin + raw.Length;
        if (raw.Contains((byte)0))
        {
            fault = "is no text in UTF-8: its header has NUL bytes. If it is UTF-16 without a byte order mark, set its encoding.";
            return null;
        }

        if (raw.Contains((byte)'"') && CsvQuotes.Inspect(reader, raw.ContainsAny((byte)'\r', (byte)'\n')) != CsvQuoting.Sound)
        {
            fault = "has a malformed header: a quote in it is never closed, or is closed inside a field.";
            return null;
        }

        if (end == text.Length && isWhole && (raw.IndexOf("\u0085"u8) >= 0 || raw.IndexOf("\u2028"u8) >= 0))
        {
            fault = "is one line to CSV: its lines end in U+0085 or U+2028. Save it with other line breaks.";
            return null;
        }

        if (raw.Length > options.MaxRowBytes || (end == text.Length && !isWhole))
        {
            fault = $"has a header longer than {options.MaxRowBytes} bytes.";
            return null;
        }

        var header = new string[reader.FieldCount];
        for (var i = 0; i < header.Length; i++)
        {
            header[i] = CsvCell.ReadText(reader.GetSpan(i), isName: true);
        }

        if (header[0].AsSpan().TrimStart("?\uFFFD") is { IsEmpty: false } unmarked)
        {
            header[0] = unmarked.ToString(); // What became of a byte order mark that an encoding did not have.
        }

        line += reader.LineNumber - 1 + CsvRows.LineBreaks(raw);
        var keys = header.Select(AssetFields.Key).ToHashSet(StringComparer.Ordinal);
        var known = Enum.GetValues<AssetField>().Count(field => AssetFields.GetAliasKeys(field).Any(keys.Contains));
        return new HeaderLine(delimiter, header, text[begin..end], end, line, CsvLayout.FindMissing(keys, options), known);
    }

    /// <summary>Whether the text begins with a row of the table: what follows it is no header, and no row may be lost.</summary>
    private bool HasRowAt(ReadOnlyMemory<byte> text)
    {
        using var reader = CsvReader.Create(text, CsvRows.ReaderOptions(Layout.Delimiter));
        return reader.Read() && CsvRows.HasFields(reader, Layout) && !reader.GetSpan(Layout[AssetField.Symbol]).IsEmpty;
    }

    /// <summary>The same header, with what the settings or the first rows say of the others.</summary>
    private CsvHead WithSample(ReadOnlyMemory<byte> text, bool isWhole, CsvOptions options)
    {
        var sample = CsvSample.Read(text[End..], isWhole, Layout);
        var mark = options.DecimalComma switch
        {
            true => DecimalMark.CommaOnly,
            false => DecimalMark.PointOnly,
            null => sample.DecimalMark,
        };
        return new CsvHead(_text with { Row = Row.ToArray() }, Layout.With(mark, sample.Currency));
    }

    private static string Printable(string name)
    {
        var text = string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length <= 40 ? text : $"{text[..40]}…";
    }

    /// <summary>A line that may be the header, cut by one delimiter.</summary>
    /// <param name="Delimiter">What it is cut by.</param>
    /// <param name="Names">What it is cut into.</param>
    /// <param name="Row">The line as it is written.</param>
    /// <param name="End">Where it ends in the text.</param>
    /// <param name="Line">Its number, from 1.</param>
    /// <param name="Missing">The required fields for which no column has the name.</param>
    /// <param name="KnownFields">How many fields have a column by its whole name: cheaper than a layout, which few lines need.</param>
    private sealed record HeaderLine(
        char Delimiter, string[] Names, ReadOnlyMemory<byte> Row, int End, long Line, IReadOnlyList<string> Missing, int KnownFields);
}
