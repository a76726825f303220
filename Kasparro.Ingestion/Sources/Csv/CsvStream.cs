using System.Runtime.CompilerServices;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>One file.</summary>
internal sealed class CsvStream(string name, string path, CsvOptions options, TimeProvider time, ILogger logger) : ISourceStream
{
    private long _bytesRead;

    public string Name => name;

    public RecordKind Kind => RecordKind.Quote;

    public bool ResumesAfterCompletion => true;

    /// <summary>The file's full path.</summary>
    public string File => path;

    /// <summary>How much of the file has been read, in bytes, and how much there is; for progress.</summary>
    public (long Read, long Total) Progress
    {
        get
        {
            var info = new FileInfo(path);
            return (Interlocked.Read(ref _bytesRead), info.Exists ? info.Length : 0);
        }
    }

    public async IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reading = await CsvReading.OpenAsync(path, from, options, time, logger, cancellationToken);
        while (await reading.ReadPageAsync(cancellationToken) is { } page)
        {
            Interlocked.Exchange(ref _bytesRead, reading.Position);
            yield return page;
        }

        Interlocked.Exchange(ref _bytesRead, reading.Position);
    }
}
