using System.IO.Hashing;
using System.Runtime.InteropServices;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Sources.Http;

/// <summary>
/// Finds pages that a reading has had already: an upstream, or a cache before it, that ignores the page's number sends the same ones
/// without end, alone or in a cycle.
/// </summary>
internal sealed class RepeatedPageDetector
{
    /// <summary>
    /// Coins move between pages while these are read, so some come twice. On a page of fewer records, that may be all of them.
    /// </summary>
    private const int MinJudgedPage = 10;

    private const double RepeatedShare = 0.9;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _contents = [];

    /// <summary>
    /// Whether the page has the content of an earlier one, or nearly all of its records have come before, with other values perhaps.
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
