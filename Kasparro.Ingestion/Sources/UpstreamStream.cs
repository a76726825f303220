using System.Text.Json;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Drift;

namespace Kasparro.Ingestion.Sources;

/// <summary>A list of an upstream's API.</summary>
/// <param name="name">See <see cref="ISourceStream.Name"/>.</param>
/// <param name="kind">See <see cref="ISourceStream.Kind"/>.</param>
/// <param name="read">Reads the list, with a new client per reading: a stream outlives the client factory's handlers.</param>
internal sealed class UpstreamStream(
    string name, RecordKind kind, Func<ResumePoint, CancellationToken, IAsyncEnumerable<SourcePage>> read) : ISourceStream
{
    public string Name => name;

    public RecordKind Kind => kind;

    public bool ResumesAfterInterruption { get; init; }

    public bool ListsAll { get; init; }

    public Action<JsonElement, RecordBuilder>? Map { get; init; }

    public ExpectedSchema? Schema { get; init; }

    public TimeSpan MinInterval { get; init; }

    public IAsyncEnumerable<SourcePage> ReadAsync(ResumePoint from, CancellationToken cancellationToken) => read(from, cancellationToken);
}
