using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>A file's header, and what the start of the file shows about all its rows.</summary>
internal sealed class CsvHead
{
    /// <summary>The number of lines searched for the header: exports may begin with titles, sources, dates or comments.</summary>
    private const int PreambleLines = 20;

    /// <summary>The number of rows that show whether rows are numbered, and whether the first row has the columns' units.</summary>
    private const int FirstRows = 20;

    private const int NamesInMessage = 30;

    private const string NotValid = "is not valid in its encoding, UTF-8 where no other is set: set Sources:Csv:Encoding.";

    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    private readonly HeaderLine _text;

    private CsvHead(HeaderLine text, CsvLayout layout)
    {
        _text = text;
        Layout = layout;
    }

    public CsvLayout Layout { get; }

    /// <summary>The header as written in the file; a row that repeats it is not a record.</summary>
    public ReadOnlyMemory<byte> Row => _text.Row;

    /// <summary>The offset in the text where the header ends: at its line break, or at the end of the text.</summary>
    public int End => _text.End;

    /// <summary>The line in which the header ends, from 1.</summary>
    public long Line => _text.Line;

    /// <summary>How good a header the line is; of two lines, the better one is the header. A comment may name columns, too.</summary>
    private (bool IsPlain, int KnownFields) Worth => (_text.Names[0] is not (['#', ' ', ..] or ['/', '/', ..]), Layout.KnownFields);

    /// <summary>
    /// Finds the header: the line, among the first few up to the first row of a table, that has a column for every field that a record
    /// needs and for most of the other fields.
    /// </summary>
    /// <param name="text">The start of the text.</param>
    /// <param name="isWhole">Whether <paramref name="text"/> is the whole text.</param>
    /// <param name="options">The settings; what they specify is not detected.</param>
    /// <param name="fileName">The file's name, for messages.</param>
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
            // The right delimiter yields a header that names the fields a record needs; the number of columns alone proves less.
            var read = Array.ConvertAll(candidates, candidate => ReadHeader(text, start, line, isWhole, candidate, options));
            var best = read.Select(header => header.Line).OfType<HeaderLine>()
                .MaxBy(header => (-header.Missing.Count, header.Delimiter == hint, header.Names.Length));
            if (best is { Missing.Count: 0 })
            {
                // A comment, a filter or a title may name columns, too.
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
                fault ??= read.LastOrDefault(header => header.Fault is not null).Fault;
            }

            if (!NextLine(text.Span, ref start, ref line))
            {
                break;
            }
        }

        if (found is not null)
        {
            return Utf8.IsValid(found.Row.Span) ? found.WithSample(text, isWhole, options, fileName)
                : throw new SourceException($"{fileName} has a header that {NotValid}");
        }

        // A wrong delimiter yields a single column, in which quotes are not recognized: report the fault found with another delimiter.
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

    /// <summary>Skips byte order marks, also those once read as Windows-1252, and zero-width spaces; some files have several.</summary>
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

    /// <summary>Reads the delimiter from Excel's first line <c>sep=;</c>, which is not a header; null if there is none.</summary>
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

    /// <summary>Splits a line by a delimiter, or says why it cannot be the header, as the end of a sentence.</summary>
    private static (HeaderLine? Line, string? Fault) ReadHeader(
        ReadOnlyMemory<byte> text, int start, long line, bool isWhole, char delimiter, CsvOptions options)
    {
        using var reader = CsvReader.Create(text[start..], CsvRows.ReaderOptions(delimiter));
        if (!reader.Read())
        {
            return default;
        }

        var raw = reader.RawRecord;
        var begin = start + (int)reader.ByteOffset;
        var end = begin + raw.Length;
        if (raw.Contains((byte)0))
        {
            return (null, "is not text in UTF-8: its header has NUL bytes. If it is UTF-16 without a byte order mark, set its encoding.");
        }

        if (raw.Contains((byte)'"') && CsvQuotes.Inspect(reader, raw.ContainsAny((byte)'\r', (byte)'\n')) != CsvQuoting.Sound)
        {
            return (null, "has a malformed header: a quote in it is never closed, or is closed inside a field.");
        }

        if (end == text.Length && isWhole && (raw.IndexOf("\u0085"u8) >= 0 || raw.IndexOf("\u2028"u8) >= 0))
        {
            return (null, "is one line to CSV: its lines end in U+0085 or U+2028. Save it with other line breaks.");
        }

        if (raw.Length > options.MaxRowBytes || (end == text.Length && !isWhole))
        {
            return (null, $"has a header longer than {options.MaxRowBytes} bytes.");
        }

        var header = ReadTexts(reader);
        if (header[0].AsSpan().TrimStart("?\uFFFD") is { IsEmpty: false } unmarked)
        {
            header[0] = unmarked.ToString(); // A byte order mark that some encoding could not represent.
        }

        line += reader.LineNumber - 1 + CsvRows.LineBreaks(raw);
        var keys = AssetFields.Split(header).Select(AssetFields.Key).ToHashSet(StringComparer.Ordinal);
        var known = Enum.GetValues<AssetField>().Count(field => AssetFields.GetAliasKeys(field).Any(keys.Contains));
        return (new HeaderLine(delimiter, header, text[begin..end], end, line, CsvLayout.FindMissing(keys, options), known), null);
    }

    /// <summary>Whether the text begins with a row of the table. No header is accepted after it, so that no row is lost.</summary>
    private bool HasRowAt(ReadOnlyMemory<byte> text)
    {
        using var reader = CsvReader.Create(text, CsvRows.ReaderOptions(Layout.Delimiter));
        return reader.Read() && CsvRows.HasFields(reader, Layout) && !reader.GetSpan(Layout[AssetField.Symbol]).IsEmpty;
    }

    /// <summary>The same header, with what the settings, the lines outside the table and the first rows say about all rows.</summary>
    private CsvHead WithSample(ReadOnlyMemory<byte> text, bool isWhole, CsvOptions options, string fileName)
    {
        var rows = ReadFirst(text);
        if (HasOther(AssetField.Symbol, rows) && HasOther(AssetField.Name, rows))
        {
            throw new SourceException($"{fileName} has two tables side by side, as its second columns for symbol and name have other "
                + "texts: split it into two files, or rename these columns.");
        }

        var head = WithRowNumbers(rows, options).WithUnits(rows, text, options);
        var sample = CsvSample.Read(text[head.End..], isWhole, head.Layout);
        var titles = Encoding.UTF8.GetString(text.Span[..(head.End - head.Row.Length)]).Split('\r', '\n');
        head.Layout.HeedName(fileName);
        foreach (var (line, isTitle) in titles.Select(title => (title, true)).Concat(sample.Remarks.Select(remark => (remark, false))))
        {
            head.Layout.Heed(line, isTitle, fileName);
        }

        var mark = options.DecimalComma switch
        {
            true => DecimalMark.CommaOnly,
            false => DecimalMark.PointOnly,
            null => sample.DecimalMark,
        };
        var zone = titles.Concat(sample.Remarks).Select(CsvRemarks.FindZone).FirstOrDefault(zone => zone is not null);
        var layout = head.Layout.With(sample with
        {
            DecimalMark = mark,
            TimeZone = zone,
            HasRowIds = sample.HasRowIds && !options.HeaderAliases.ContainsKey(AssetFields.GetName(AssetField.Id)),
        });
        return new CsvHead(head._text with { Row = head.Row.ToArray() }, layout);
    }

    /// <summary>
    /// Whether a field has another column of the same name, numbered or not, with other texts, as in two tables side by side.
    /// </summary>
    private bool HasOther(AssetField field, List<(string[] Cells, int End)> rows)
    {
        var own = Layout[field];
        var key = AssetFields.Key(_text.Names[own]);
        return Layout.Columns.Skip(own + 1).Any(column => AssetFields.Key(column.Header).TrimEnd([.. "0123456789"]) == key
            && rows.Exists(row => row.Cells.Length > column.Index && row.Cells[own].Length > 0 && row.Cells[column.Index].Length > 0
                && !row.Cells[own].Equals(row.Cells[column.Index], StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>The texts of the first rows that are not blank, and where each ends.</summary>
    private List<(string[] Cells, int End)> ReadFirst(ReadOnlyMemory<byte> text)
    {
        var rows = new List<(string[] Cells, int End)>();
        using var reader = CsvReader.Create(text[End..], CsvRows.ReaderOptions(Layout.Delimiter));
        while (rows.Count < FirstRows && reader.Read())
        {
            if (!CsvCell.IsBlankRow(reader.RawRecord))
            {
                rows.Add((ReadTexts(reader), End + (int)reader.ByteOffset + reader.RawRecord.Length));
            }
        }

        return rows;
    }

    private static string[] ReadTexts(CsvReader reader) =>
        [.. Enumerable.Range(0, reader.FieldCount).Select(i => CsvCell.ReadText(reader.GetSpan(i), isName: true))];

    /// <summary>
    /// The same header, with a blank name in front if each of the first rows has a number before its fields: R's <c>write.table</c> numbers
    /// rows but does not name that column. If the first column is a rank or an id, the number may be its value.
    /// </summary>
    private CsvHead WithRowNumbers(List<(string[] Cells, int End)> rows, CsvOptions options)
    {
        var isNumbered = Layout.Columns[0].Field is AssetField.Symbol or AssetField.Name
            && rows.TrueForAll(row => row.Cells.Length == _text.Names.Length + 1 && row.Cells[0].Length > 0
                && !row.Cells[0].AsSpan().ContainsAnyExceptInRange('0', '9'))
            && rows.Exists(row => row.Cells[^1].Length > 0); // Otherwise, rows just end in a delimiter.
        return isNumbered ? With(_text with { Names = ["", .. _text.Names] }, options) : this;
    }

    /// <summary>The same header, with the units of its columns if the row below has them: <c>USD</c>, <c>USD bn</c>, <c>($M)</c>.</summary>
    private CsvHead WithUnits(List<(string[] Cells, int End)> rows, ReadOnlyMemory<byte> text, CsvOptions options)
    {
        if (rows is not [var (cells, end), ..])
        {
            return this;
        }

        var units = Layout.Columns.Select(column =>
            cells.ElementAtOrDefault(column.Index) is { } unit && !CsvCell.IsNoName(unit) ? unit : "").ToArray();
        var ofAmounts = Layout.Columns.Where(column => column.Field is { } field && AssetFields.IsAmount(field))
            .Select(column => units[column.Index]).Where(unit => unit.Length > 0).ToList();
        if (ofAmounts.Count == 0 || !ofAmounts.TrueForAll(AssetFields.IsUnit))
        {
            return this;
        }

        var names = _text.Names.Select((name, i) => IsMeasured(Layout.Columns[i], units[i]) ? $"{name} ({units[i]})" : name);
        var line = Line + CsvRows.LineBreaks(text.Span[End..end]);
        return With(_text with { Names = [.. names], Row = text[(End - Row.Length)..end], End = end, Line = line }, options);
    }

    /// <summary>
    /// Whether a unit is added to a column's name. Texts have no unit; the unit of a time may be a zone, but not a format
    /// (<c>YYYY-MM-DD</c>); and dollars are the default.
    /// </summary>
    private static bool IsMeasured(CsvColumn column, string unit) => unit.Length > 0 && column.Field switch
    {
        null => true,
        AssetField.UpdatedAt or AssetField.TimeOfDay => !unit.Contains("yy", StringComparison.OrdinalIgnoreCase)
            && !unit.Contains("hh", StringComparison.OrdinalIgnoreCase) && !unit.Contains("date", StringComparison.OrdinalIgnoreCase),
        { } field => AssetFields.IsAmount(field) && !CsvMoney.IsDollars(unit),
    };

    private static CsvHead With(HeaderLine line, CsvOptions options) =>
        new(line, CsvLayout.Create(line.Delimiter, line.Names, options));

    private static string Printable(string name)
    {
        var text = string.Concat(name.Select(c => char.IsControl(c) ? '\uFFFD' : c));
        return text.Length <= 40 ? text : $"{text[..40]}…";
    }

    /// <summary>A line that may be the header, split by one delimiter.</summary>
    /// <param name="Delimiter">The delimiter.</param>
    /// <param name="Names">The names between the delimiters.</param>
    /// <param name="Row">The line as written in the file.</param>
    /// <param name="End">The offset in the text where the line ends.</param>
    /// <param name="Line">The line number, from 1.</param>
    /// <param name="Missing">The required fields for which there is no column.</param>
    /// <param name="KnownFields">How many fields a whole name matches; cheaper than creating a layout for every line.</param>
    private sealed record HeaderLine(
        char Delimiter, string[] Names, ReadOnlyMemory<byte> Row, int End, long Line, IReadOnlyList<string> Missing, int KnownFields);
}
