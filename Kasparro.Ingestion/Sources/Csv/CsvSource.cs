using System.Buffers;
using Kasparro.Ingestion.Sources.Drift;
using Microsoft.Extensions.Options;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The source that reads CSV files; each file is a stream.</summary>
internal sealed class CsvSource(
    IOptions<CsvOptions> options,
    IOptions<SchemaDriftOptions> drift,
    CsvFolderWatch watch,
    TimeProvider time,
    ILogger<CsvSource> logger) : ISource
{
    public string Name => SourceNames.Csv;

    public bool HasIndependentStreams => true;

    /// <summary>
    /// Gets a stream for each current file. A stream's name derives from its file's header and first row, so that a file keeps its
    /// checkpoint when it is renamed, moved or appended to. A file that cannot be read also has a stream; reading it fails with the reason.
    /// </summary>
    public IReadOnlyList<ISourceStream> GetStreams(IngestionRequest request)
    {
        var paths = request.File is { } file
            ? CsvPaths.Find(file, Environment.CurrentDirectory)
            : CsvPaths.Find(options.Value.Path, AppContext.BaseDirectory);

        // Files with the same first row (usually copies) are distinguished by their paths; the first one keeps the plain name.
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            var name = GetName(path);
            names[path] = taken.Add(name) ? name : $"{name}@{path}";
        }

        var context = new CsvReadingContext(options.Value, drift.Value, watch, time, logger);
        return [.. paths.Select(path => new CsvStream(names[path], path, context) { ListsAll = request.File is null })];
    }

    private string GetName(string path)
    {
        var size = 2 * options.Value.MaxRowBytes; // Room for the header and the first row.
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            using var input = CsvInput.Open(path, options.Value.FindEncoding());
            var text = buffer.AsMemory(0, input.Fill(buffer.AsSpan(0, size)));
            var head = CsvHead.Read(text, input.AtEnd, options.Value, Path.GetFileName(path));
            var rows = text.Span[head.End..];
            var firstRow = rows.IndexOfAnyExcept((byte)'\r', (byte)'\n');
            var length = firstRow < 0 ? -1 : rows[firstRow..].IndexOfAny((byte)'\r', (byte)'\n');
            return CsvBookmark.Hash(length < 0 ? text.Span : text.Span[..(head.End + firstRow + length)]);
        }
        catch (SourceException)
        {
            return path; // Reading it will fail the same way, where failures are reported.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
