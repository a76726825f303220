using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Postgres;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Provides pages as bytes: from this process, otherwise from Redis, otherwise rendered once for all requests that wait for them.
/// </summary>
internal sealed class PageCache(
    CatalogueVersionTracker version, MemoryPageCache memoryPages, RedisPageCache redisPages, PageRenderer renderer, ApiMetrics metrics)
{
    private readonly ConcurrentDictionary<(CatalogueStamp Stamp, PageKey Key), Lazy<Task<RenderedPage>>> _renders = new();

    /// <summary>Gets the page if this process has it and knows that it is within the bound on staleness.</summary>
    /// <param name="key">The requested page.</param>
    /// <param name="now">The current timestamp of the time provider.</param>
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
    /// Gets a page that <see cref="TryGet"/> did not have, from one snapshot of the catalogue within the bound on staleness.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">The page is not cached, and Postgres does not respond.</exception>
    public Task<RenderedPage> GetMissingAsync(DataQuery query, CancellationToken cancellationToken) =>
        GetMissingAsync(query, () => renderer.RenderAsync(query), cancellationToken);

    /// <summary>Gets any page that <see cref="TryGet"/> did not have.</summary>
    /// <param name="key">The requested page.</param>
    /// <param name="render">Renders the page; its exceptions reach all requests that wait for the page.</param>
    /// <param name="cancellationToken">Cancels the wait, not the rendering.</param>
    /// <exception cref="CatalogueUnavailableException">The page is not cached, and Postgres does not respond.</exception>
    public async Task<RenderedPage> GetMissingAsync(PageKey key, Func<Task<RenderedPage>> render, CancellationToken cancellationToken)
    {
        metrics.Missed();
        try
        {
            var stamp = await version.ConfirmAsync(cancellationToken);
            var shared = _renders.GetOrAdd((stamp, key), asked =>
                new Lazy<Task<RenderedPage>>(() => RenderOnceAsync(asked.Stamp, asked.Key, render)));

            // The render is shared by all requests that wait for it: it must not end when one of them is cancelled.
            return await shared.Value.WaitAsync(cancellationToken);
        }
        catch (CatalogueUnavailableException) when (memoryPages.TryGetRecent(key, out var page))
        {
            // Postgres became unavailable between a commit and the next rendering of the page.
            metrics.HitInProcess();
            return page;
        }
    }

    private async Task<RenderedPage> RenderOnceAsync(CatalogueStamp stamp, PageKey key, Func<Task<RenderedPage>> render)
    {
        try
        {
            // Another render may have completed since this request checked the cache.
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
