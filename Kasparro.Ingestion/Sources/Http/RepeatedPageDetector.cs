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
    /// The fewest records that are judged by their ids: coins move between pages during a reading, so all of a smaller page may come twice.
    /// Smaller pages are judged together.
    /// </summary>
    private const int MinJudged = 10;

    private const double RepeatedShare = 0.9;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<ulong> _contents = [];
    private int _unjudged;
    private int _known;

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
        foreach (var record in page.Records)
        {
            var hash = record.ContentHash;
            content.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in hash)));
            _known += _ids.Add(record.ExternalId) ? 0 : 1;
        }

        _unjudged += page.Records.Count;
        var isRepeated = !_contents.Add(content.GetCurrentHashAsUInt64());
        if (_unjudged >= MinJudged)
        {
            isRepeated |= _known >= _unjudged * RepeatedShare;
            (_unjudged, _known) = (0, 0);
        }

        return isRepeated;
    }
}
