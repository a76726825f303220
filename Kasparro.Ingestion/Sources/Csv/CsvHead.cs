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

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    private CsvHead(CsvLayout layout, ReadOnlyMemory<byte> row, int end, long line)
    {
        Layout = layout;
        Row = row;
        End = end;
        Line = line;
    }

    public CsvLayout Layout { get; }

    /// <summary>The header as it is written; rows that repeat it are none.</summary>
    public ReadOnlyMemory<byte> Row { get; }

    /// <summary>Where the header ends in the text: at its line break, or at the end of the text.</summary>
    public int End { get; }

    /// <summary>The line in which the header ends, from 1.</summary>
    public long Line { get; }

    /// <summary>Finds the header: the first line among the first few that has a column for all that a record needs.</summary>
    /// <param name="text">The start of the text.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <param name="options">What is not to be detected.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="SourceException">The header is missing, malformed, or lacks a column that records need.</exception>
    public static CsvHead Read(ReadOnlyMemory<byte> text, bool isWhole, CsvOptions options, string fileName)
    {
        var start = SkipMarks(text.Span);
        var hint = ReadSeparatorHint(text.Span, ref start);
        char[] candidates = options.DelimiterCharacter is { } set ? [set] : hint is { } told ? [told] : Delimiters;
        CsvHead? nearest = null;
        string? fault = null;
        var line = 1L + CsvRows.LineBreaks(text.Span[..start]);
        for (var i = 0; i < PreambleLines && start < text.Length; i++)
        {
            string? lineFault = null;
            var best = ReadLine(text, start, line, isWhole, candidates, options, ref lineFault);
            if (best is not null && !best.Layout.Missing.Any())
            {
                return Utf8.IsValid(best.Row.Span) ? best.WithSample(text, isWhole, options)
                    : throw new SourceException($"{fileName} has a header that {NotValid}");
            }

            if (nearest is null || (best is not null && best.Layout.KnownFields > nearest.Layout.KnownFields))
            {
                nearest = best ?? nearest;
                fault ??= lineFault;
            }

            if (!NextLine(text.Span, ref start, ref line))
            {
                break;
            }
        }

        // One column is what a delimiter gives that is none, and its quotes are then no quotes: the others' verdict counts.
        if (nearest is null || (fault is not null && nearest.Layout.Columns.Count == 1))
        {
            throw new SourceException($"{fileName} {fault ?? "is empty: it has no header."}");
        }

        var names = nearest.Layout.Columns.Take(NamesInMessage).Select(column => Printable(column.Name.Value));
        throw new SourceException(
            $"{fileName} has no column for {string.Join(" and ", nearest.Layout.Missing)}; it has {string.Join(", ", names)}"
            + $"{(nearest.Layout.Columns.Count > NamesInMessage ? ", …" : "")}."
            + (Utf8.IsValid(nearest.Row.Span) ? "" : $" That line {NotValid}"));
    }

    private static CsvHead? ReadLine(
        ReadOnlyMemory<byte> text, int start, long line, bool isWhole, char[] candidates, CsvOptions options, ref string? fault)
    {
        CsvHead? best = null;
        foreach (var candidate in candidates)
        {
            // The right delimiter is the one under which the header names what a record needs; the number of columns alone says less.
            var head = ReadHeader(text, start, line, isWhole, candidate, options, ref fault);
            if (head is not null && (best is null || Rank(head).CompareTo(Rank(best)) > 0))
            {
                best = head;
            }
        }

        return best;
    }

    private static (int Required, int Columns) Rank(CsvHead head) => (-head.Layout.Missing.Count(), head.Layout.Columns.Count);

    /// <summary>Byte order marks and zero-width spaces at the start: some files have several.</summary>
    private static int SkipMarks(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (text[length..] is [0xEF, 0xBB, 0xBF, ..] or [0xE2, 0x80, 0x8B, ..] or [0xE2, 0x81, 0xA0, ..])
        {
            length += 3;
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

    private static CsvHead? ReadHeader(
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

        line += reader.LineNumber - 1 + CsvRows.LineBreaks(raw);
        return new CsvHead(CsvLayout.Create(delimiter, header, options), text[begin..end], end, line);
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
        return new CsvHead(Layout.With(mark, sample.Currency), Row.ToArray(), End, Line);
    }

    private static string Printable(string name)
    {
        var text = string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length <= 40 ? text : $"{text[..40]}…";
    }
}
