using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>One reading of a file, from where an earlier one ended or from the start.</summary>
internal sealed partial class CsvReading : IDisposable
{
    /// <summary>The size at which a page of very long rows ends early, so that memory use does not depend on the file.</summary>
    private const int MaxPageBytes = 16 * 1024 * 1024;

    private readonly CsvInput _input;
    private readonly CsvWindow _window;
    private readonly CsvReadingContext _context;
    private readonly DriftTally _drifts;
    private CsvRows? _rows;
    private CsvRecords? _records;
    private int _page;
    private long _recordsRead;

    private CsvReading(CsvInput input, CsvReadingContext context)
    {
        _input = input;
        _window = new CsvWindow(input, context.Options.MaxRowBytes);
        _context = context;
        _drifts = new DriftTally(SourceNames.Csv, input.FileName, context.Drift);
    }

    /// <exception cref="SourceException">The file cannot be read, or is not a usable CSV file.</exception>
    public static async ValueTask<CsvReading> OpenAsync(
        string path, ResumePoint from, CsvReadingContext context, CancellationToken cancellationToken)
    {
        var input = CsvInput.Open(path, context.Options.FindEncoding());
        var reading = new CsvReading(input, context);
        try
        {
            await reading.StartAsync(from, cancellationToken);
            return reading;
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next page; null after the last one.</summary>
    public async ValueTask<SourcePage?> ReadPageAsync(CancellationToken cancellationToken)
    {
        if (_rows is null)
        {
            return null;
        }

        var now = _context.Time.GetUtcNow();
        var records = new List<SourceRecord>();
        var rejections = new List<Rejection>();
        for (var bytes = 0; records.Count + rejections.Count < _context.Options.PageSize && bytes < MaxPageBytes && !_rows.IsOtherHeader;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_rows.TryRead())
            {
                bytes += _rows.IsOtherHeader ? 0 : Take(_rows, now, records, rejections);
            }
            else if (!await _rows.FillAsync(cancellationToken))
            {
                break;
            }
        }

        if (records.Count + rejections.Count == 0)
        {
            return !_rows.IsOtherHeader ? null
                : throw new SourceException(
                    $"{_input.FileName} has another header in line {_rows.Line}, with other columns: split it into two files there.");
        }

        _recordsRead += records.Count + rejections.Count;
        return new SourcePage
        {
            Number = _page++,
            Records = records,
            Rejections = rejections,
            FetchedAt = now,
            RecordsThrough = _recordsRead,
            Drifts = _drifts.Take(),
            Fraction = _window.Fraction,
            ContentIdentity = _rows.Bookmark().ToString(),
        };
    }

    public void Dispose()
    {
        _records?.Dispose();
        _rows?.Dispose();
        _window.Dispose();
        _input.Dispose();
    }

    private int Take(CsvRows rows, DateTimeOffset now, List<SourceRecord> records, List<Rejection> rejections)
    {
        Rejection? rejection;
        if (rows.Fault is { } fault)
        {
            rejection = new Rejection(rows.Line, null, fault, rows.FaultDetail, rows.Text);
        }
        else if (_records!.Read(rows, now, out rejection) is { } record)
        {
            records.Add(record);
            return record.Payload.Length;
        }

        rejections.Add(rejection!);
        return rejection!.Payload.Length;
    }

    private async ValueTask StartAsync(ResumePoint from, CancellationToken cancellationToken)
    {
        await _window.SlideAsync(0, cancellationToken);
        var head = ReadHead();
        if (CsvBookmark.TryParse(from.ContentIdentity, out var bookmark))
        {
            switch (bookmark.Layout == head.Layout.Fingerprint ? await FindAsync(bookmark, cancellationToken) : Found.SomethingElse)
            {
                case Found.NothingNew:
                    Log.NothingNew(_context.Logger, _input.FileName, from.Records);
                    return;
                case Found.MoreRows:
                    Log.GoesOn(_context.Logger, _input.FileName, bookmark.Line);
                    _page = from.Page;
                    _recordsRead = Math.Max(0, from.Records - bookmark.RowsBeyond);
                    Begin(head, lineBreak: 0, bookmark.Line - 1);
                    return;
            }

            Log.StartsOver(_context.Logger, _input.FileName);
            await _window.RestartAsync(cancellationToken);
            head = ReadHead(); // The file may have been edited meanwhile.
        }

        Begin(head, head.End, head.Line);
    }

    private CsvHead ReadHead() => CsvHead.Read(_window.Text, _window.AtEnd, _context.Options, _input.FileName);

    private void Begin(CsvHead head, int lineBreak, long line)
    {
        _rows = new CsvRows(_window, head.Layout, head.Row);
        _rows.StartAt(lineBreak, line);
        _records = new CsvRecords(head.Layout, _drifts);
    }

    /// <summary>Moves to the bookmark if the text before it is unchanged.</summary>
    private async ValueTask<Found> FindAsync(CsvBookmark bookmark, CancellationToken cancellationToken)
    {
        if (!await _window.MoveToAsync(bookmark.Offset, cancellationToken) || _window.HashTo(1) != bookmark.TextHash)
        {
            return Found.SomethingElse;
        }

        var rest = _window.Text.Span[1..];
        if (_window.AtEnd && rest.Length == bookmark.TailLength && (rest.IsEmpty || CsvBookmark.Hash(rest) == bookmark.TailHash))
        {
            return Found.NothingNew;
        }

        // A position within a line can only be where the file ended earlier: what follows is the rest of a line that was already read.
        return _window.Text.Span[0] is (byte)'\r' or (byte)'\n' ? Found.MoreRows : Found.SomethingElse;
    }

    private enum Found
    {
        SomethingElse,
        MoreRows,
        NothingNew,
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "{File} has nothing new after its {Records} records.")]
        public static partial void NothingNew(ILogger logger, string file, long records);

        [LoggerMessage(Level = LogLevel.Information, Message = "Reading of {File} continues at line {Line}.")]
        public static partial void GoesOn(ILogger logger, string file, long line);

        [LoggerMessage(Level = LogLevel.Information, Message = "{File} is not what was read before: reading it from the start.")]
        public static partial void StartsOver(ILogger logger, string file);
    }
}
