using System.Runtime.CompilerServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Csv;

/// <summary>One file.</summary>
internal sealed class CsvStream(string name, string path, CsvReadingContext context) : ISourceStream
{
    public string Name => name;

    public string Title => Path.GetFileName(path);

    public RecordKind Kind => RecordKind.Quote;

    public bool ResumesAfterCompletion => true;

    public bool KeepsEveryQuote => true;

    /// <summary>
    /// A file that was configured, read from its first row to its last, has all that it lists; one that was named for once has what it has.
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
