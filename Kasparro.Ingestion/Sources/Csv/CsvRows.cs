using System.Text;
using System.Text.Unicode;
using CsvHelper;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>
/// Splits a file's text into rows. An invalid row has a <see cref="Fault"/> and is one line: reading continues at the next line, so an
/// unclosed quote loses only its line. Rows without content (blank rows, comments, a repeated header) are skipped. Rows do not depend on
/// where the window ends, so a resumed reading sees the same rows as an uninterrupted one.
/// </summary>
/// <param name="window">The text.</param>
/// <param name="layout">The layout of the rows.</param>
/// <param name="header">The header as it is written; empty if rows are not checked for a repeated header.</param>
internal sealed class CsvRows(CsvWindow window, CsvLayout layout, ReadOnlyMemory<byte> header) : IDisposable
{
    /// <summary>The maximum length of a row's text that is shown, in bytes.</summary>
    private const int MaxTextBytes = 8 * 1024;

    private readonly CsvReaderOptions _readerOptions = ReaderOptions(layout.Delimiter);
    private CsvReader? _reader;
    private int _slice; // Where the reader's text begins: at the line break before its first row, which cannot look like a byte order mark.
    private int _cut; // Where it ends: after the window's last line break, or at the end of the file.
    private long _sliceLine; // The number of the line that the line break at _slice ends.
    private int _rowEnd; // Where the current row ends, without its line break.
    private long _lineAfter; // The line after the current row.
    private bool _isClean; // Whether the slice is valid UTF-8 without NUL, so that its rows need no checks of their own.
    private string? _longLine; // A line longer than the window, to be rejected next.
    private (int Start, long Line, long Rows)? _open; // The first row ended by the file, not by a line break, and the rows from there.
    private string _faultText = "";

    /// <summary>The number of the current row's (first) line, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Why the current row is invalid, as a code of <see cref="RejectionReason"/>; null if it is valid.</summary>
    public string? Fault { get; private set; }

    /// <summary>Why the current row is invalid, as a readable sentence.</summary>
    public string FaultDetail { get; private set; } = "";

    /// <summary>
    /// Whether the current row is a header with other columns, as in a file that was concatenated from several. Nothing after it can be
    /// read with this layout, so reading stops here.
    /// </summary>
    public bool IsOtherHeader { get; private set; }

    /// <summary>The current row as text that can be shown and stored: invalid characters are replaced, and long text is cut.</summary>
    public string Text => Fault is null ? ToText(_reader!.RawRecord) : _faultText;

    public static CsvReaderOptions ReaderOptions(char delimiter) => new()
    {
        Separator = delimiter,
        HasHeader = false, // Every slice and every fault needs a new reader; the header is read once, by CsvHead.
        TrackLineNumbers = true,
        TrimWhitespace = true,
    };

    /// <summary>Counts line breaks: CR, LF and CR LF each count once.</summary>
    public static int LineBreaks(ReadOnlySpan<byte> text) => text.Count((byte)'\n') + text.Count((byte)'\r') - text.Count("\r\n"u8);

    /// <summary>
    /// Whether a row has the fields that a record needs, and only blank fields beyond the named ones, as exporters add delimiters.
    /// </summary>
    public static bool HasFields(CsvReader reader, CsvLayout layout)
    {
        for (var i = layout.NamedFields; i < reader.FieldCount; i++)
        {
            if (!CsvCell.IsBlankRow(reader.GetSpan(i)))
            {
                return false;
            }
        }

        return reader.FieldCount >= layout.NeededFields;
    }

    /// <summary>Sets where reading begins.</summary>
    /// <param name="lineBreak">The position in the window of the line break before the first row.</param>
    /// <param name="line">The number of the line that it ends.</param>
    public void StartAt(int lineBreak, long line)
    {
        _slice = _cut = _rowEnd = lineBreak;
        _sliceLine = line;
        _lineAfter = line + 1;
    }

    /// <summary>Gets a field of the current row, unquoted; valid until the next row.</summary>
    public ReadOnlySpan<byte> Field(int column) => column < _reader!.FieldCount ? _reader.GetSpan(column) : default;

    /// <summary>Gets the current row's cell for a field, unquoted; empty if no column has the field.</summary>
    public ReadOnlySpan<byte> Field(AssetField field) => layout[field] is >= 0 and var column ? Field(column) : default;

    /// <summary>Moves to the next row in the window; false if <see cref="FillAsync"/> must be called first.</summary>
    public bool TryRead()
    {
        if (_longLine is { } longLine)
        {
            _longLine = null;
            Line = _sliceLine;
            Reject(RejectionReason.TooLong, $"the row has more than {layout.MaxRowBytes} bytes.", longLine);
            _lineAfter = Line + 1;
            return true;
        }

        while (_reader is not null)
        {
            if (!_reader.Read())
            {
                FinishSlice();
                return false;
            }

            var start = _slice + (int)_reader.ByteOffset;
            var raw = _reader.RawRecord;
            var end = start + raw.Length;
            var firstBreak = raw.IndexOfAny((byte)'\r', (byte)'\n');
            var quoting = raw.Contains((byte)'"') ? CsvQuotes.Inspect(_reader, severalLines: firstBreak >= 0) : CsvQuoting.Sound;
            Line = _sliceLine + _reader.LineNumber - 1;
            if (quoting == CsvQuoting.Open && !window.AtEnd && window.Length - start <= layout.MaxRowBytes)
            {
                StopBefore(start); // Text that has not been read yet may close the quote.
                return false;
            }

            var repeats = quoting == CsvQuoting.Sound ? RepeatsHeader(raw) : null;
            if (repeats is false)
            {
                IsOtherHeader = true;
                return true;
            }

            var isNone = repeats is true || (quoting == CsvQuoting.Sound && SaysNothing(raw));
            var isCutOff = window.AtEnd && end == window.Length;
            if (isCutOff)
            {
                _open ??= (start, Line, 0);
            }

            if (_open is { } open && !isNone)
            {
                _open = open with { Rows = open.Rows + 1 };
            }

            var (reason, detail) = isNone ? (null, "") : FindFault(raw, firstBreak, quoting, isCutOff);
            if (reason is null)
            {
                Fault = null;
                _rowEnd = end;
                _lineAfter = Line + 1 + (firstBreak < 0 ? 0 : LineBreaks(raw));
                if (isNone)
                {
                    continue;
                }

                return true;
            }

            var line = firstBreak < 0 || reason is RejectionReason.NulCharacter or RejectionReason.InvalidText ? raw : raw[..firstBreak];
            Reject(reason, detail, ToText(line));
            _rowEnd = start + line.Length;
            _lineAfter = Line + 1 + LineBreaks(line);
            if (_rowEnd < end)
            {
                OpenReader(_rowEnd, Line);
            }

            return true;
        }

        return false;
    }

    /// <summary>Reads more of the file; false at its end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (window.AtEnd && _cut >= window.Length)
        {
            return false;
        }

        await window.SlideAsync(_slice, cancellationToken);
        if (!window.AtEnd && LastLineBreak() < 1)
        {
            await SkipLineAsync(cancellationToken);
        }

        _rowEnd = 0;
        _cut = window.AtEnd ? window.Length : LastLineBreak() + 1;
        OpenReader(0, _sliceLine);
        var text = window.Text.Span[.._cut];
        _isClean = Utf8.IsValid(text) && !text.Contains((byte)0);
        return true;
    }

    /// <summary>Gets the position after the current row.</summary>
    public CsvBookmark Bookmark()
    {
        var after = AfterLineBreak(_rowEnd);
        if (_open is not { } open)
        {
            return new CsvBookmark(window.Offset + after, _lineAfter, window.HashTo(after), layout.Fingerprint, 0, 0, "");
        }

        // The end of the file, not a line break, ended these rows: appended text may change them, so they will be read again then.
        var rest = window.Text.Span[after..];
        var tail = rest.IndexOfAnyExcept(" \t\r\n"u8) < 0 ? window.Text.Span[open.Start..] : [];
        var tailHash = tail.IsEmpty ? "" : CsvBookmark.Hash(tail);
        return new CsvBookmark(
            window.Offset + open.Start, open.Line, window.HashTo(open.Start), layout.Fingerprint, open.Rows, tail.Length, tailHash);
    }

    public void Dispose() => _reader?.Dispose();

    private (string? Reason, string Detail) FindFault(ReadOnlySpan<byte> raw, int firstBreak, CsvQuoting quoting, bool mayBeCutOff)
    {
        if ((firstBreak < 0 ? raw.Length : firstBreak) > layout.MaxRowBytes)
        {
            return (RejectionReason.TooLong, $"the row has more than {layout.MaxRowBytes} bytes.");
        }

        if (quoting != CsvQuoting.Sound || raw.Length > layout.MaxRowBytes)
        {
            // How much of the row is in the window is arbitrary, so the message must not depend on it.
            return (RejectionReason.MalformedRow, firstBreak < 0
                ? "a quote is never closed, or is closed inside a field."
                : $"a quote is not closed where its field ends, or not within {layout.MaxRowBytes} bytes.");
        }

        // Spreadsheets omit the delimiters of blank cells at the end, but a row that is still being written lacks cells as well.
        if (!HasFields(_reader!, layout) || (mayBeCutOff && _reader!.FieldCount < layout.NamedFields))
        {
            var fields = $"{_reader!.FieldCount} fields{(firstBreak < 0 ? "" : ", with the lines that its quotes span")}";
            return (RejectionReason.MalformedRow, $"the row has {fields}; the header has {layout.NamedFields}.");
        }

        if (!_isClean && raw.Contains((byte)0))
        {
            return (RejectionReason.NulCharacter, "the row has a NUL character.");
        }

        return !_isClean && !Utf8.IsValid(raw)
            ? (RejectionReason.InvalidText, "the row is not valid in its encoding, UTF-8 where no other is set: set Sources:Csv:Encoding.")
            : (null, "");
    }

    /// <summary>Whether the row is blank, a comment, an annotation of InfluxDB, or consists of empty formulas.</summary>
    private bool SaysNothing(ReadOnlySpan<byte> raw) =>
        CsvCell.IsBlankRow(raw)
        || (IsComment(raw) && (_reader!.FieldCount < layout.NamedFields || !HasFields(_reader, layout)))
        || (Field(0) is [(byte)'#', ..] && Encoding.UTF8.GetString(Field(0)) is "#group" or "#datatype" or "#default")
        || IsOfNothing();

    /// <summary>Whether the row looks like a comment: it has one field, or a space after the sign. <c>#4,BTC,…</c> does not.</summary>
    private bool IsComment(ReadOnlySpan<byte> raw) =>
        raw is [(byte)'#', (byte)' ' or (byte)'\t' or (byte)'#' or (byte)'!', ..] or [(byte)'/', (byte)'/', ..]
        || (raw is [(byte)'#', ..] && _reader!.FieldCount == 1);

    /// <summary>
    /// Whether the row repeats the header (true) or is another header (false), as in a file that was concatenated from several; null if it
    /// is neither. A coin may be called Time, but its row does not also contain the names of the symbol and name columns.
    /// </summary>
    private bool? RepeatsHeader(ReadOnlySpan<byte> raw)
    {
        if (header.IsEmpty || !layout.IsName(Field(AssetField.Symbol)) || !layout.IsName(Field(AssetField.Name))
            || !HasHeader(AssetField.Symbol) || !HasHeader(AssetField.Name))
        {
            return null;
        }

        return IsComment(raw)
            || (layout.Columns.All(column => layout.IsHeader(column, Field(column.Index)))
                && !Enumerable.Range(0, _reader!.FieldCount).Skip(layout.Columns.Count).Any(i => layout.IsName(_reader.GetSpan(i))));

        bool HasHeader(AssetField field) =>
            Enumerable.Range(0, _reader!.FieldCount).Any(i => layout.IsHeader(layout.Columns[layout[field]], _reader.GetSpan(i)));
    }

    /// <summary>
    /// Whether the row has no id, symbol or name, and only zeros in other cells, like a spreadsheet's formulas below the last asset:
    /// <c>,,,0.00</c>, <c>,,,1899-12-30</c>, <c>#N/A,#N/A,#N/A,#N/A</c>; the first column may be a row number.
    /// </summary>
    private bool IsOfNothing()
    {
        if (!CsvCell.IsNone(Field(AssetField.Symbol)) || !CsvCell.IsNone(Field(AssetField.Name)) || !CsvCell.IsNone(Field(AssetField.Id)))
        {
            return false;
        }

        var isNumbered = layout.Columns[0].Field is null or AssetField.Rank;
        return Enumerable.Range(0, _reader!.FieldCount).All(i => CsvNumber.Read(_reader.GetSpan(i), layout.Sample.DecimalMark) switch
        {
            { Kind: NumberKind.Number, Value: not 0 } => i == 0 && isNumbered,
            { Kind: NumberKind.Unusable } => CsvTime.IsZero(CsvCell.ReadText(_reader.GetSpan(i), isName: true)),
            _ => true,
        });
    }

    private void Reject(string reason, string detail, string text)
    {
        Fault = reason;
        FaultDetail = detail;
        _faultText = text;
    }

    private void OpenReader(int slice, long line)
    {
        _reader?.Dispose();
        _slice = slice;
        _sliceLine = line;
        _reader = CsvReader.Create(window.Text[slice.._cut], _readerOptions);
    }

    private void CloseReader()
    {
        _reader?.Dispose();
        _reader = null;
    }

    /// <summary>Ends the slice; the next one begins at its last line break.</summary>
    private void FinishSlice()
    {
        CloseReader();
        var breaks = LineBreaks(window.Text.Span[_rowEnd.._cut]);
        if (breaks > 0)
        {
            _slice = _rowEnd = _cut - 1;
            _sliceLine = _lineAfter - 1 + breaks - 1;
            _lineAfter = _sliceLine + 1;
        }
    }

    private void StopBefore(int row)
    {
        CloseReader();
        _slice = _rowEnd = row - 1;
        _sliceLine = Line - 1;
        _lineAfter = Line;
    }

    /// <summary>Skips a line that is longer than the window, which begins with the line break before it.</summary>
    private async ValueTask SkipLineAsync(CancellationToken cancellationToken)
    {
        _longLine = ToText(window.Text.Span[1..]);
        _sliceLine++;
        var from = 1;
        int length;
        while ((length = window.Text.Span[from..].IndexOfAny((byte)'\r', (byte)'\n')) < 0 && !window.AtEnd)
        {
            await window.SlideAsync(window.Length, cancellationToken);
            from = 0;
        }

        await window.SlideAsync(length < 0 ? window.Length : from + length, cancellationToken);
    }

    /// <summary>Finds the last complete line break: a CR at the very end may be half of one.</summary>
    private int LastLineBreak()
    {
        var text = window.Text.Span;
        var last = text.LastIndexOfAny((byte)'\r', (byte)'\n');
        return last == text.Length - 1 && last >= 0 && text[last] == '\r' ? text[..last].LastIndexOfAny((byte)'\r', (byte)'\n') : last;
    }

    private int AfterLineBreak(int index)
    {
        var text = window.Text.Span[index..];
        return index + (text is [(byte)'\r', (byte)'\n', ..] ? 2 : text is [(byte)'\r' or (byte)'\n', ..] ? 1 : 0);
    }

    private static string ToText(ReadOnlySpan<byte> raw)
    {
        var isCut = raw.Length > MaxTextBytes;
        var text = Encoding.UTF8.GetString(isCut ? raw[..MaxTextBytes] : raw).Replace('\0', '\u2400');
        return isCut ? $"{text.TrimEnd('\uFFFD')}…" : text; // The last character may be cut as well.
    }
}
