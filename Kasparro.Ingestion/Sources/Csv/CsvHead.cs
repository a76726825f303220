using System.Text;
using CsvHelper;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>A file's header, and what the start of the file tells of all its rows.</summary>
internal sealed class CsvHead
{
    private const int SampleRows = 100;
    private const int NamesInMessage = 30;

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    private CsvHead(CsvLayout layout, int end, long line)
    {
        Layout = layout;
        End = end;
        Line = line;
    }

    public CsvLayout Layout { get; }

    /// <summary>Where the header ends in the text: at its line break, or at the end of the text.</summary>
    public int End { get; }

    /// <summary>The line in which the header ends, from 1.</summary>
    public long Line { get; }

    /// <param name="text">The start of the text.</param>
    /// <param name="isWhole">Whether that is all of it.</param>
    /// <param name="options">What is not to be detected.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="SourceException">The header is missing, malformed, or lacks a column that records need.</exception>
    public static CsvHead Read(ReadOnlyMemory<byte> text, bool isWhole, CsvOptions options, string fileName)
    {
        var hint = ReadSeparatorHint(text.Span, out var start);
        char[] candidates = options.DelimiterCharacter is { } set ? [set] : hint is { } told ? [told] : Delimiters;
        CsvHead? best = null;
        string? fault = null;
        foreach (var candidate in candidates)
        {
            // The right delimiter is the one under which the header names what a record needs; the number of columns alone says less.
            var head = ReadHeader(text, start, isWhole, candidate, options, ref fault);
            if (head is not null && (best is null || Rank(head).CompareTo(Rank(best)) > 0))
            {
                best = head;
            }
        }

        // One column is what a delimiter gives that is none, and its quotes are then no quotes: the others' verdict counts.
        if (best is null || (fault is not null && best.Layout.Columns.Count == 1))
        {
            throw new SourceException($"{fileName} {fault ?? "is empty: it has no header."}");
        }

        if (best.Layout.Missing.ToList() is { Count: > 0 } missing)
        {
            var names = best.Layout.Columns.Take(NamesInMessage).Select(column => Printable(column.Name.Value));
            throw new SourceException(
                $"{fileName} has no column for {string.Join(" and ", missing)}; it has {string.Join(", ", names)}"
                + $"{(best.Layout.Columns.Count > NamesInMessage ? ", …" : "")}.");
        }

        return best;
    }

    private static (int Required, int Columns) Rank(CsvHead head) => (-head.Layout.Missing.Count(), head.Layout.Columns.Count);

    /// <summary>Excel's first line <c>sep=;</c>, which is no header.</summary>
    private static char? ReadSeparatorHint(ReadOnlySpan<byte> text, out int end)
    {
        end = 0;
        if (text.Length < 6 || !Ascii.EqualsIgnoreCase(text[..4], "sep="u8) || text[5] is not ((byte)'\r' or (byte)'\n'))
        {
            return null;
        }

        end = 5;
        return (char)text[4];
    }

    private static CsvHead? ReadHeader(
        ReadOnlyMemory<byte> text, int start, bool isWhole, char delimiter, CsvOptions options, ref string? fault)
    {
        using var reader = CsvReader.Create(text[start..], CsvRows.ReaderOptions(delimiter));
        if (!reader.Read())
        {
            return null;
        }

        var raw = reader.RawRecord;
        var end = start + (int)reader.ByteOffset + raw.Length;
        var severalLines = raw.ContainsAny((byte)'\r', (byte)'\n');
        if (raw.Contains((byte)0))
        {
            fault = "is no text in UTF-8: its header has NUL bytes. If it is UTF-16 without a byte order mark, set its encoding.";
            return null;
        }

        if (raw.Contains((byte)'"') && CsvQuotes.Inspect(reader, severalLines) != CsvQuoting.Sound)
        {
            fault = "has a malformed header: a quote in it is never closed, or is closed amid a field.";
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
            header[i] = Encoding.UTF8.GetString(reader.GetSpan(i)).Trim();
        }

        var line = reader.LineNumber + CsvRows.LineBreaks(raw);
        var layout = CsvLayout.Create(delimiter, header, options);
        var decimalComma = options.DecimalComma ?? (delimiter != ',' && SampleHasDecimalComma(reader, layout));
        return new CsvHead(layout.WithDecimalComma(decimalComma), end, line);
    }

    /// <summary>Whether the first rows' numbers have decimal commas, and none a decimal point.</summary>
    private static bool SampleHasDecimalComma(CsvReader reader, CsvLayout layout)
    {
        var found = false;
        for (var row = 0; row < SampleRows && reader.Read(); row++)
        {
            foreach (var column in layout.Columns)
            {
                if (column.Field is not { } field || !AssetFields.IsNumber(field) || column.Index >= reader.FieldCount)
                {
                    continue;
                }

                switch (CsvNumber.HasDecimalComma(reader.GetSpan(column.Index)))
                {
                    case true:
                        found = true;
                        break;
                    case false:
                        return false;
                }
            }
        }

        return found;
    }

    private static string Printable(string name)
    {
        var text = string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length <= 40 ? text : $"{text[..40]}…";
    }
}
