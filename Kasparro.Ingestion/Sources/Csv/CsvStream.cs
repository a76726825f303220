using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>The stream of one file.</summary>
internal sealed class CsvStream(string name, string path, CsvReadingContext context) : ISourceStream
{
    public string Name => name;

    public string Title => Path.GetFileName(path);

    public RecordKind Kind => RecordKind.Quote;

    public bool ResumesAfterCompletion => true;

    public bool KeepsEveryQuote => true;

    /// <summary>
    /// Whether the file, when read from its first row to its last, is a complete list: configured files are, a file that was named for a
    /// single ingestion is not.
    /// </summary>
    public bool ListsAll { get; init; }

    /// <summary>The file's full path.</summary>
    public string File => path;

    public async IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        context.Watch.MarkRead(path);
        using var reading = await CsvReading.OpenAsync(path, from, context, cancellationToken);
        while (await reading.ReadPageAsync(cancellationToken) is { } page)
        {
            yield return page;
        }
    }
}
