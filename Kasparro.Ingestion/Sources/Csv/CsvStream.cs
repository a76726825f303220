using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>One file.</summary>
internal sealed class CsvStream(string name, string path, CsvOptions options, TimeProvider time, ILogger logger) : ISourceStream
{
    public string Name => name;

    public RecordKind Kind => RecordKind.Quote;

    public bool ResumesAfterCompletion => true;

    /// <summary>The file's full path.</summary>
    public string File => path;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reading = await CsvReading.OpenAsync(path, from, options, time, logger, cancellationToken);
        while (await reading.ReadPageAsync(cancellationToken) is { } page)
        {
            yield return page;
        }
    }
}
