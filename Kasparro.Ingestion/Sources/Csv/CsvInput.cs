using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>A file's text as UTF-8, without its byte order mark, decompressed if it is gzip and its name ends in <c>.gz</c>.</summary>
internal sealed class CsvInput : IDisposable
{
    /// <summary>What invalid bytes decode to. It never occurs in text, unlike U+FFFD, which the file itself may contain.</summary>
    private const char Broken = '\uFFFF';

    /// <summary>What <see cref="Broken"/> becomes: not valid in UTF-8, so the row is rejected like any other invalid text.</summary>
    private const byte BrokenByte = 0xFF;

    private const int RawSize = 64 * 1024;

    private readonly FileStream _file;
    private readonly bool _isCompressed;
    private readonly int _markLength;
    private readonly Decoder? _decoder;
    private readonly byte[] _raw = [];
    private readonly char[] _characters = [];
    private Stream _content;
    private bool _ended;

    private CsvInput(FileStream file, Encoding? configured)
    {
        _file = file;
        _content = file;
        Span<byte> start = stackalloc byte[4];
        var first = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        _isCompressed = file.Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) && first is [0x1F, 0x8B, ..];
        if (!_isCompressed && ContainerName(first) is { } container)
        {
            throw new SourceException($"The file '{file.Name}' is no CSV: it is {container}.");
        }

        Rewind();
        start = start[.._content.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        if (_isCompressed && (start is [0x1F, 0x8B, ..] ? "compressed once more" : ContainerName(start)) is { } content)
        {
            throw new SourceException($"The file '{file.Name}' is not compressed text, but {content}.");
        }

        (var marked, _markLength) = DetectMark(start);
        var encoding = _markLength > 0 ? marked : configured;
        if (encoding is not null and not UTF8Encoding)
        {
            encoding = (Encoding)encoding.Clone();
            encoding.DecoderFallback = new DecoderReplacementFallback(Broken.ToString());
            _decoder = encoding.GetDecoder();
            _raw = new byte[RawSize];
            _characters = new char[encoding.GetMaxCharCount(RawSize)];
        }

        Rewind();
    }

    public string FileName => Path.GetFileName(_file.Name);

    /// <summary>The file's current size, in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>How much of the file has been read, in bytes.</summary>
    public long Position => _file.Position;

    /// <exception cref="SourceException">The file does not exist, cannot be opened, or is not text.</exception>
    public static CsvInput Open(string path, Encoding? configured)
    {
        FileStream? file = null;
        try
        {
            // A pipe has no length, and opening it would wait for its writer.
            if ((File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path)) is FileInfo { Exists: true, Length: 0 })
            {
                throw new SourceException($"{Path.GetFileName(path)} is empty, a pipe or a device: it has no header.");
            }

            file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.Read,
                Share = FileShare.ReadWrite | FileShare.Delete, // Do not block programs that append to or rotate it.
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            });
            return new CsvInput(file, configured);
        }
        catch (Exception e) when (IsOfFile(e) || e is SourceException)
        {
            file?.Dispose();
            throw e is SourceException ? e
                : e is FileNotFoundException or DirectoryNotFoundException
                ? new SourceException($"The file '{path}' does not exist.", e)
                : Unreadable(path, e);
        }
    }

    /// <summary>Returns to the start of the text.</summary>
    public void Rewind()
    {
        _file.Position = _isCompressed ? 0 : _markLength;
        if (_isCompressed)
        {
            _content = new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true);
            _ = _content.ReadAtLeast(new byte[_markLength], _markLength, throwOnEndOfStream: false);
        }

        _decoder?.Reset();
        _ended = false;
    }

    /// <summary>Reads text until <paramref name="buffer"/> is full or the file ends.</summary>
    public int Fill(Span<byte> buffer)
    {
        try
        {
            var filled = 0;
            while (!_ended && RawRoom(buffer.Length - filled) is > 0 and var room)
            {
                var target = _decoder is null ? buffer[filled..] : _raw.AsSpan(0, room);
                filled += Take(_content.Read(target), buffer[filled..]);
            }

            return filled;
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw Unreadable(_file.Name, e);
        }
    }

    /// <summary>Reads text until <paramref name="buffer"/> is full or the file ends.</summary>
    public async ValueTask<int> FillAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            var filled = 0;
            while (!_ended && RawRoom(buffer.Length - filled) is > 0 and var room)
            {
                var target = _decoder is null ? buffer[filled..] : _raw.AsMemory(0, room);
                filled += Take(await _content.ReadAsync(target, cancellationToken), buffer.Span[filled..]);
            }

            return filled;
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw Unreadable(_file.Name, e);
        }
    }

    /// <summary>Whether the end of the file has been reached.</summary>
    public bool AtEnd => _ended;

    public void Dispose() => _file.Dispose();

    /// <summary>What a file that is not text is, judging by its first bytes; null if it may be text.</summary>
    private static string? ContainerName(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => "compressed (gzip), and its name does not end in .gz",
        [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6] => "a ZIP archive or a spreadsheet; export it as CSV",
        [0xD0, 0xCF, 0x11, 0xE0] => "an old spreadsheet; export it as CSV",
        [0x28, 0xB5, 0x2F, 0xFD] => "compressed (Zstandard)",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9'] => "compressed (bzip2)",
        [0xFD, (byte)'7', (byte)'z', (byte)'X'] => "compressed (xz)",
        [(byte)'7', (byte)'z', 0xBC, 0xAF] => "a 7-Zip archive",
        [(byte)'P', (byte)'A', (byte)'R', (byte)'1'] => "Parquet",
        [(byte)'S', (byte)'Q', (byte)'L', (byte)'i'] => "a database (SQLite)",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F'] => "a PDF",
        [(byte)'{', (byte)'"' or (byte)' ' or (byte)'\r' or (byte)'\n', ..] or [(byte)'[', (byte)'{' or (byte)'[', ..]
            or [(byte)'[', (byte)' ' or (byte)'\r' or (byte)'\n', ..] => "JSON",
        [(byte)'<', (byte)'!' or (byte)'?', ..] or [(byte)'<', (byte)'h' or (byte)'H', (byte)'t' or (byte)'T', _]
            or [(byte)'<', (byte)'t', (byte)'a', (byte)'b'] => "a web page or XML",
        _ => null,
    };

    private static (Encoding? Encoding, int Length) DetectMark(ReadOnlySpan<byte> start) => start switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (null, 3),
        [0xFF, 0xFE, 0x00, 0x00] => (Encoding.UTF32, 4),
        [0x00, 0x00, 0xFE, 0xFF] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>How many raw bytes can be read such that their text fits into <paramref name="free"/> bytes.</summary>
    private int RawRoom(int free) => _decoder is null ? free : Math.Min(RawSize, (free / 3) - 8);

    private int Take(int read, Span<byte> text)
    {
        _ended = read == 0;
        return _decoder is null ? read : Transcode(_raw.AsSpan(0, read), text);
    }

    private int Transcode(ReadOnlySpan<byte> raw, Span<byte> text)
    {
        var rest = _characters.AsSpan(0, _decoder!.GetChars(raw, _characters, flush: raw.IsEmpty));
        var length = 0;
        while (!rest.IsEmpty)
        {
            var broken = rest.IndexOf(Broken);
            Utf8.FromUtf16(broken < 0 ? rest : rest[..broken], text[length..], out _, out var written);
            length += written;
            if (broken < 0)
            {
                break;
            }

            text[length++] = BrokenByte;
            rest = rest[(broken + 1)..];
        }

        return length;
    }

    private static bool IsOfFile(Exception e) =>
        e is IOException or UnauthorizedAccessException or NotSupportedException or InvalidDataException;

    private static SourceException Unreadable(string path, Exception e) =>
        new($"The file '{path}' cannot be read: "
            + (e is InvalidDataException ? "its compressed data are damaged or cut off." : e.Message), e);
}
