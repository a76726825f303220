using System.Collections.Concurrent;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>How many calls this process has made, by source: each attempt is one, retries too.</summary>
internal sealed class UpstreamCalls
{
    private readonly ConcurrentDictionary<string, int> _made = new(StringComparer.Ordinal);

    public void Count(string source) => _made.AddOrUpdate(source, 1, static (_, made) => made + 1);

    /// <summary>Those of a source, since the process began.</summary>
    public int GetCount(string source) => _made.GetValueOrDefault(source);
}
