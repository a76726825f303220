using System.Collections.Concurrent;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>The number of calls that this process has made, by source, counting each attempt including retries.</summary>
internal sealed class UpstreamCalls
{
    private readonly ConcurrentDictionary<string, int> _made = new(StringComparer.Ordinal);

    public void Count(string source) => _made.AddOrUpdate(source, 1, static (_, made) => made + 1);

    /// <summary>The number of calls to a source since the process started.</summary>
    public int GetCount(string source) => _made.GetValueOrDefault(source);
}
