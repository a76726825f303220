using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// The pages of the newest catalogue version, in process, bounded by bytes. Two generations take turns: when the young half is full it
/// becomes the old one, and what was in the old one and not asked for since is forgotten. Pages of versions before are kept as long as
/// there is room and they may be served, for the moments in which Postgres cannot give newer ones.
/// </summary>
internal sealed class MemoryPageCache(CatalogueVersionTracker version, IOptions<ApiOptions> options)
{
    // What an entry costs in addition to its body: key, page, dictionary node.
    private const int EntryOverhead = 300;

    private readonly long _bytesPerGeneration = options.Value.PageBytes / 2;
    private readonly Lock _gate = new();
    private volatile Generations _generations = new(default, new Generation(), new Generation());
    private volatile Generations[] _earlier = [];

    /// <summary>Pages kept of the newest version.</summary>
    public int Count => _generations.Young.Pages.Count + _generations.Old.Pages.Count;

    /// <summary>What all pages take, about.</summary>
    public long Bytes => _generations.Bytes + _earlier.Sum(generations => generations.Bytes);

    public bool TryGet(CatalogueStamp stamp, PageKey key, [NotNullWhen(true)] out RenderedPage? page)
    {
        var generations = _generations;
        if (generations.Stamp == stamp)
        {
            if (generations.Young.Pages.TryGetValue(key, out page))
            {
                return true;
            }

            if (generations.Old.Pages.TryGetValue(key, out page))
            {
                Add(key, page);
                return true;
            }
        }

        page = null;
        return false;
    }

    /// <summary>The page of whichever version, where that was the newest within the bound on staleness.</summary>
    public bool TryGetRecent(PageKey key, [NotNullWhen(true)] out RenderedPage? page)
    {
        foreach (var generations in (ReadOnlySpan<Generations>)[_generations, .. _earlier])
        {
            if (version.WasNewest(generations.Stamp)
                && (generations.Young.Pages.TryGetValue(key, out page) || generations.Old.Pages.TryGetValue(key, out page)))
            {
                return true;
            }
        }

        page = null;
        return false;
    }

    public void Add(PageKey key, RenderedPage page)
    {
        lock (_gate)
        {
            if (_generations.Stamp != page.Stamp)
            {
                if (version.Current != page.Stamp)
                {
                    return;
                }

                // More than one: a worker commits faster than a busy machine renders a page again.
                _earlier = Servable(
                    _generations.Bytes <= _bytesPerGeneration ? _generations : _generations with { Old = new Generation() });
                _generations = new Generations(page.Stamp, new Generation(), new Generation());
            }

            var young = _generations.Young;
            var bytes = page.Bytes + key.Bytes + EntryOverhead;
            if (bytes > _bytesPerGeneration || young.Pages.ContainsKey(key))
            {
                return;
            }

            if (young.Bytes + bytes > _bytesPerGeneration)
            {
                _earlier = [];
                _generations = new Generations(page.Stamp, new Generation(), young);
                young = _generations.Young;
            }

            young.Pages[key] = page;

            young.Bytes += bytes;
        }
    }

    /// <summary>Forgets every page.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _earlier = [];
            _generations = new Generations(_generations.Stamp, new Generation(), new Generation());
        }
    }

    // Together with the first half of the new version no more than the bound.
    private Generations[] Servable(Generations newest)
    {
        var bytes = 0L;
        return
        [
            .. _earlier.Prepend(newest).TakeWhile(generations =>
                version.WasNewest(generations.Stamp) && (bytes += generations.Bytes) <= _bytesPerGeneration),
        ];
    }

    private sealed record Generations(CatalogueStamp Stamp, Generation Young, Generation Old)
    {
        public long Bytes => Young.Bytes + Old.Bytes;
    }

    private sealed class Generation
    {
        public ConcurrentDictionary<PageKey, RenderedPage> Pages { get; } = new();

        public long Bytes { get; set; }
    }
}
