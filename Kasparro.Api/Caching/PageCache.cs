using System.Collections.Concurrent;
using Kasparro.Api.Data;

namespace Kasparro.Api.Caching;

/// <summary>Pages as bytes: from this process, else from Redis, else rendered once for all who wait.</summary>
internal sealed class PageCache(
    CatalogueVersion version, ProcessPages processPages, SharedPages sharedPages, PageRenderer renderer, ApiMetrics metrics)
{
    private readonly ConcurrentDictionary<(CatalogueStamp Stamp, DataQuery Query), Lazy<Task<RenderedPage>>> _flights = new();

    /// <summary>The page, from one snapshot of the catalogue that is no older than the bound on staleness.</summary>
    /// <exception cref="Errors.CatalogueUnavailableException">It is not at hand, and Postgres does not answer.</exception>
    public ValueTask<RenderedPage> GetAsync(DataQuery query, CancellationToken cancellationToken)
    {
        if (version.TryGetConfirmed(out var stamp) && processPages.TryGet(stamp, query, out var page))
        {
            metrics.HitInProcess();
            return new(page);
        }

        metrics.Missed();
        return new(GetMissingAsync(query, cancellationToken));
    }

    private async Task<RenderedPage> GetMissingAsync(DataQuery query, CancellationToken cancellationToken)
    {
        var stamp = await version.ConfirmAsync(cancellationToken);
        var flight = _flights.GetOrAdd((stamp, query), key => new Lazy<Task<RenderedPage>>(() => FlyAsync(key.Stamp, key.Query)));

        // The flight belongs to all who wait for it: one of them going away must not end it.
        return await flight.Value.WaitAsync(cancellationToken);
    }

    private async Task<RenderedPage> FlyAsync(CatalogueStamp stamp, DataQuery query)
    {
        try
        {
            // An earlier flight may have landed between this request's look and its start.
            if (processPages.TryGet(stamp, query, out var page))
            {
                return page;
            }

            page = await sharedPages.GetAsync(stamp, query, CancellationToken.None);
            if (page is not null)
            {
                metrics.HitInRedis();
                processPages.Add(query, page);
                return page;
            }

            page = await renderer.RenderAsync(query);
            metrics.Rendered();
            processPages.Add(query, page);
            sharedPages.Put(query, page);
            return page;
        }
        finally
        {
            _flights.TryRemove((stamp, query), out _);
        }
    }
}
