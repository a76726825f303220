using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Data;
using Microsoft.Extensions.Options;

namespace Kasparro.Api.Caching;

/// <summary>
/// The pages of the newest catalogue version, in process, bounded by bytes. Two halves take turns: when the young half is full it becomes
/// the old one, and what was in the old one and not asked for since is forgotten. Pages of the version before are kept as long as there is room, for
/// the moments in which Postgres cannot give newer ones.
/// </summary>
internal sealed class ProcessPages(CatalogueVersion version, IOptions<ApiOptions> options)
{
    // What an entry costs beside its body: key, page, dictionary node.
    private const int EntryOverhead = 300;
    private const int RefinementOverhead = 1_000;

    private readonly long _bytesPerHalf = options.Value.PageBytes / 2;
    private readonly Lock _gate = new();
    private volatile Halves _halves = new(default, new Half(), new Half());
    private volatile Halves? _before;

    /// <summary>Pages kept of the newest version.</summary>
    public int Count => _halves.Young.Pages.Count + _halves.Old.Pages.Count;

    /// <summary>What all pages take, about.</summary>
    public long Bytes => _halves.Bytes + (_before?.Bytes ?? 0);

    public bool TryGet(CatalogueStamp stamp, DataQuery query, [NotNullWhen(true)] out RenderedPage? page)
    {
        var halves = _halves;
        if (halves.Stamp == stamp)
        {
            if (halves.Young.Pages.TryGetValue(query, out page))
            {
                return true;
            }

            if (halves.Old.Pages.TryGetValue(query, out page))
            {
                Add(query, page);
                return true;
            }
        }

        page = null;
        return false;
    }

    /// <summary>The page of whichever version, where that was the newest within the bound on staleness.</summary>
    public bool TryGetRecent(DataQuery query, [NotNullWhen(true)] out RenderedPage? page)
    {
        foreach (var halves in (ReadOnlySpan<Halves?>)[_halves, _before])
        {
            if (halves is not null && version.WasNewest(halves.Stamp)
                && (halves.Young.Pages.TryGetValue(query, out page) || halves.Old.Pages.TryGetValue(query, out page)))
            {
                return true;
            }
        }

        page = null;
        return false;
    }

    public void Add(DataQuery query, RenderedPage page)
    {
        lock (_gate)
        {
            if (_halves.Stamp != page.Stamp)
            {
                if (version.Current != page.Stamp)
                {
                    return;
                }

                // Together with the first half of the new version no more than the bound.
                _before = _halves.Bytes <= _bytesPerHalf ? _halves : _halves with { Old = new Half() };
                _halves = new Halves(page.Stamp, new Half(), new Half());
            }

            var young = _halves.Young;
            var bytes = page.Bytes + (query.Symbol.Length * sizeof(char)) + (query.Refinement is null ? 0 : RefinementOverhead) + EntryOverhead;
            if (bytes > _bytesPerHalf || young.Pages.ContainsKey(query))
            {
                return;
            }

            if (young.Bytes + bytes > _bytesPerHalf)
            {
                _before = null;
                _halves = new Halves(page.Stamp, new Half(), young);
                young = _halves.Young;
            }

            young.Pages[query] = page;

            young.Bytes += bytes;
        }
    }

    /// <summary>Forgets every page.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _before = null;
            _halves = new Halves(_halves.Stamp, new Half(), new Half());
        }
    }

    private sealed record Halves(CatalogueStamp Stamp, Half Young, Half Old)
    {
        public long Bytes => Young.Bytes + Old.Bytes;
    }

    private sealed class Half
    {
        public ConcurrentDictionary<DataQuery, RenderedPage> Pages { get; } = new();

        public long Bytes { get; set; }
    }
}
