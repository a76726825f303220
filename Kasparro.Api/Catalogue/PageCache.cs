using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Postgres;

namespace Kasparro.Api.Catalogue;

/// <summary>Pages as bytes: from this process, else from Redis, else rendered once for all who wait.</summary>
internal sealed class PageCache(
    CatalogueVersionTracker version, MemoryPageCache memoryPages, RedisPageCache redisPages, PageRenderer renderer, ApiMetrics metrics)
{
    private readonly ConcurrentDictionary<(CatalogueStamp Stamp, PageKey Key), Lazy<Task<RenderedPage>>> _renders = new();

    /// <summary>The page, where this process has it and knows that it is no older than the bound on staleness.</summary>
    /// <param name="key">What is requested.</param>
    /// <param name="now">The present as the time provider's timestamp.</param>
    /// <param name="page">The page.</param>
    public bool TryGet(PageKey key, long now, [NotNullWhen(true)] out RenderedPage? page)
    {
        if (version.TryGetConfirmed(now, out var stamp) && memoryPages.TryGet(stamp, key, out page))
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
    public Task<RenderedPage> GetMissingAsync(DataQuery query, CancellationToken cancellationToken) =>
        GetMissingAsync(query, () => renderer.RenderAsync(query), cancellationToken);

    /// <summary>The same of any page.</summary>
    /// <param name="key">What is requested.</param>
    /// <param name="render">Renders it; an exception of it reaches all who wait for the page.</param>
    /// <param name="cancellationToken">Ends the wait, not the rendering.</param>
    /// <exception cref="CatalogueUnavailableException">It is not at hand, and Postgres does not respond.</exception>
    public async Task<RenderedPage> GetMissingAsync(PageKey key, Func<Task<RenderedPage>> render, CancellationToken cancellationToken)
    {
        metrics.Missed();
        try
        {
            var stamp = await version.ConfirmAsync(cancellationToken);
            var shared = _renders.GetOrAdd((stamp, key), asked =>
                new Lazy<Task<RenderedPage>>(() => RenderOnceAsync(asked.Stamp, asked.Key, render)));

            // The render belongs to all who wait for it: one of them going away must not end it.
            return await shared.Value.WaitAsync(cancellationToken);
        }
        catch (CatalogueUnavailableException) when (memoryPages.TryGetRecent(key, out var page))
        {
            // Postgres went between a commit and the page's next rendering.
            metrics.HitInProcess();
            return page;
        }
    }

    private async Task<RenderedPage> RenderOnceAsync(CatalogueStamp stamp, PageKey key, Func<Task<RenderedPage>> render)
    {
        try
        {
            // An earlier render may have landed between this request's look and its start.
            if (memoryPages.TryGet(stamp, key, out var page))
            {
                return page;
            }

            page = await redisPages.GetOrClaimAsync(stamp, key);
            if (page is not null)
            {
                metrics.HitInRedis();
                memoryPages.Add(key, page);
                return page;
            }

            page = await render();
            metrics.Rendered();
            memoryPages.Add(key, page);
            redisPages.Put(key, page);
            return page;
        }
        finally
        {
            _renders.TryRemove((stamp, key), out _);
        }
    }
}
