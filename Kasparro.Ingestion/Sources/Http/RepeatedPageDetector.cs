using System.IO.Hashing;
using System.Runtime.InteropServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Detects repeated pages: an upstream, or a cache in front of it, that ignores the page number would send the same pages endlessly, one
/// page or a cycle of them.
/// </summary>
internal sealed class RepeatedPageDetector
{
    /// <summary>
    /// The smallest page that is judged by its ids: coins move between pages during a reading, so all of a smaller page may come twice.
    /// </summary>
    private const int MinJudgedPage = 10;

    private const double RepeatedShare = 0.9;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _contents = [];

    /// <summary>
    /// Whether the page has the content of an earlier one, or nearly all of its records have come before, perhaps with other values.
    /// </summary>
    public bool IsRepeated(SourcePage page)
    {
        if (page.Records.Count == 0)
        {
            return false;
        }

        var content = new XxHash3();
        var known = 0;
        foreach (var record in page.Records)
        {
            var hash = record.ContentHash;
            content.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in hash)));
            known += _ids.Add(record.ExternalId) ? 0 : 1;
        }

        return !_contents.Add(content.GetCurrentHashAsUInt64())
            || (page.Records.Count >= MinJudgedPage && known >= page.Records.Count * RepeatedShare);
    }
}
