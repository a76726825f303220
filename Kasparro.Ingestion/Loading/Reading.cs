using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Tracks which listings a run's reading of a source has seen, by kind of record. A kind was read completely if each of its streams was
/// read from the first page to the end, and each has everything that the source lists.
/// </summary>
internal sealed class Reading(ActiveRun run)
{
    private readonly Dictionary<RecordKind, HashSet<Guid>> _seen = [];
    private readonly HashSet<RecordKind> _partial = [];
    private bool _hasPages;

    /// <summary>The run.</summary>
    public ActiveRun Run => run;

    /// <summary>The kinds of records that were read completely, with the listings seen.</summary>
    public IEnumerable<(RecordKind Kind, Guid[] Seen)> Whole =>
        _seen.Where(entry => !_partial.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value.ToArray()));

    /// <summary>Begins a stream, whether or not it is due.</summary>
    public void Begin(ISourceStream stream)
    {
        _hasPages = false;
        if (stream.Kind is RecordKind.Evidence)
        {
            return;
        }

        _seen.TryAdd(stream.Kind, []);
        if (!stream.ListsAll)
        {
            _partial.Add(stream.Kind);
        }
    }

    /// <summary>Adds the listings of a page's records, valid or not: a listing whose record cannot be loaded is still listed.</summary>
    public void Add(ISourceStream stream, SourcePage page)
    {
        if (!_hasPages && page.Number > 0)
        {
            _partial.Add(stream.Kind);
        }

        _hasPages = true;
        if (_partial.Contains(stream.Kind) || !_seen.TryGetValue(stream.Kind, out var seen))
        {
            return;
        }

        seen.UnionWith(page.Records.Select(record => record.ListingId));

        foreach (var externalId in page.Rejections.Select(rejection => rejection.ExternalId).OfType<string>())
        {
            seen.Add(StableId.ForListing(run.Source, externalId));
        }
    }

    /// <summary>Whether this run read the list of all coins completely, and the list lacks the listing.</summary>
    public bool Lacks(Guid listingId) =>
        !_partial.Contains(RecordKind.Profile) && _seen.TryGetValue(RecordKind.Profile, out var seen) && !seen.Contains(listingId);

    /// <summary>
    /// Ends a stream. A stream without pages proves nothing, whether because it was not due or because nothing in it was new.
    /// </summary>
    public void End(ISourceStream stream)
    {
        if (!_hasPages)
        {
            _partial.Add(stream.Kind);
        }
    }
}
