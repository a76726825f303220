using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Postgres;

namespace Kasparro.Api.Catalogue;

/// <summary>Pages as bytes: from this process, else from Redis, else rendered once for all who wait.</summary>
internal sealed class PageCache(
    CatalogueVersionTracker version, MemoryPageCache memoryPages, RedisPageCache redisPages, PageRenderer renderer, ApiMetrics metrics)
{
    private readonly ConcurrentDictionary<(CatalogueStamp Stamp, DataQuery Query), Lazy<Task<RenderedPage>>> _renders = new();

    /// <summary>The page, where this process has it and knows that it is no older than the bound on staleness.</summary>
    /// <param name="query">What is requested.</param>
    /// <param name="now">The present as the time provider's timestamp.</param>
    /// <param name="page">The page.</param>
    public bool TryGet(DataQuery query, long now, [NotNullWhen(true)] out RenderedPage? page)
    {
        if (version.TryGetConfirmed(now, out var stamp) && memoryPages.TryGet(stamp, query, out page))
        {
            metrics.HitInProcess();
            return true;
        }

        page = null;
        return false;
    }

    /// <summary>
    /// The page that <see cref="TryGet"/> did not have, from one snapshot of the catalogue within the bound on staleness.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">It is not at hand, and Postgres does not respond.</exception>
    public async Task<RenderedPage> GetMissingAsync(DataQuery query, CancellationToken cancellationToken)
    {
        metrics.Missed();
        try
        {
            var stamp = await version.ConfirmAsync(cancellationToken);
            var render = _renders.GetOrAdd((stamp, query), key =>
                new Lazy<Task<RenderedPage>>(() => RenderOnceAsync(key.Stamp, key.Query)));

            // The render belongs to all who wait for it: one of them going away must not end it.
            return await render.Value.WaitAsync(cancellationToken);
        }
        catch (CatalogueUnavailableException) when (memoryPages.TryGetRecent(query, out var page))
        {
            // Postgres went between a commit and the page's next rendering.
            metrics.HitInProcess();
            return page;
        }
    }

    private async Task<RenderedPage> RenderOnceAsync(CatalogueStamp stamp, DataQuery query)
    {
        try
        {
            // An earlier render may have landed between this request's look and its start.
            if (memoryPages.TryGet(stamp, query, out var page))
            {
                return page;
            }

            page = await redisPages.GetOrClaimAsync(stamp, query);
            if (page is not null)
            {
                metrics.HitInRedis();
                memoryPages.Add(query, page);
                return page;
            }

            page = await renderer.RenderAsync(query);
            metrics.Rendered();
            memoryPages.Add(query, page);
            redisPages.Put(query, page);
            return page;
        }
        finally
        {
            _renders.TryRemove((stamp, query), out _);
        }
    }
}
