using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Which listings one run's reading of a source has met, by kind of record. A kind was read whole if each of its streams was, from the
/// first page to the end, and each is known to have all that the source lists.
/// </summary>
internal sealed class Reading(ActiveRun run)
{
    private readonly Dictionary<RecordKind, HashSet<Guid>> _seen = [];
    private readonly HashSet<RecordKind> _partial = [];
    private bool _hasPages;

    /// <summary>The run.</summary>
    public ActiveRun Run => run;

    /// <summary>The kinds of records that were read whole, with the listings that they are of.</summary>
    public IEnumerable<(RecordKind Kind, Guid[] Seen)> Whole =>
        _seen.Where(entry => !_partial.Contains(entry.Key)).Select(entry => (entry.Key, entry.Value.ToArray()));

    /// <summary>Begins a stream, whether it is read now or not.</summary>
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

    /// <summary>Notes whose records a page has, valid or not: a listing whose record cannot be loaded is listed all the same.</summary>
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

    /// <summary>Whether the list of all coins, read whole by this run, lacks a listing.</summary>
    public bool Lacks(Guid listingId) =>
        !_partial.Contains(RecordKind.Profile) && _seen.TryGetValue(RecordKind.Profile, out var seen) && !seen.Contains(listingId);

    /// <summary>Ends a stream; one that had no page says nothing, be it that it was not due or that nothing of it was new.</summary>
    public void End(ISourceStream stream)
    {
        if (!_hasPages)
        {
            _partial.Add(stream.Kind);
        }
    }
}
