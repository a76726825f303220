using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Caches the pages of the newest catalogue version in process, limited by size. It has two generations: when the young one has used its
/// half, it becomes the old one, and pages of the previous old one that were not requested since are dropped. Pages of earlier versions are
/// kept as long as there is room and they may be served, for moments in which Postgres cannot provide newer ones.
/// </summary>
internal sealed class MemoryPageCache(CatalogueVersionTracker version, IOptions<ApiOptions> options)
{
    // The size of an entry without its body: key, page, dictionary node.
    private const int EntryOverhead = 300;

    private readonly long _bytesPerGeneration = options.Value.PageBytes / 2;
    private readonly Lock _gate = new();
    private volatile Generations _generations = new(default, new Generation(), new Generation());
    private volatile Generations[] _earlier = [];

    /// <summary>The number of cached pages of the newest version.</summary>
    public int Count => _generations.Young.Pages.Count + _generations.Old.Pages.Count;

    /// <summary>The approximate size of all pages.</summary>
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

    /// <summary>Gets the page in any version that was the newest within the bound on staleness.</summary>
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

                // Keeps several earlier versions: a worker commits faster than a busy machine renders a page again.
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

    /// <summary>Removes all pages.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _earlier = [];
            _generations = new Generations(_generations.Stamp, new Generation(), new Generation());
        }
    }

    // Limited to one generation's bytes, so that with the new version's first generation they stay within the total limit.
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
