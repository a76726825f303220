using Kasparro.Api.Postgres;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>Renders a page by one statement, which is one snapshot of Postgres; the usual questions by prepared ones.</summary>
internal sealed class PageRenderer(
    NpgsqlDataSource catalogue,
    CatalogueVersionTracker version,
    CatalogueDeadline deadline,
    PageAnchors anchors,
    SearchSample searches,
    DataCursorCodec cursors,
    IOptions<ApiOptions> options) : IDisposable
{
    private readonly ObjectPool<PageJson> _pages = ObjectPool.Create<PageJson>();
    private readonly SemaphoreSlim _places = new(options.Value.ConcurrentRenders);

    /// <summary>Renders the page, and tells <see cref="CatalogueVersionTracker"/> of the state that it found.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public Task<RenderedPage> RenderAsync(DataQuery query) => deadline.RunAsync(async cancellationToken =>
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var stamp = version.Current ?? default;
            var anchor = anchors.Find(query, stamp);
            return await ReadAsync(query, anchor, stamp, cancellationToken) ?? (await ReadAsync(query, null, default, cancellationToken))!;
        }
        finally
        {
            _places.Release();
        }
    });

    public void Dispose() => _places.Dispose();

    /// <summary>Reads the page; null where the anchor is of another version than the snapshot, so that it says nothing.</summary>
    private async Task<RenderedPage?> ReadAsync(DataQuery query, PageAnchor? anchor, CatalogueStamp anchored, CancellationToken cancellationToken)
    {
        var layout = RowLayout.Of(query);
        var search = searches.PlanOf(query, version.Current ?? default, isAlone: DataSql.IsOfFewShapes(query));
        var sql = DataSql.For(query, layout, anchor, search);
        var reading = version.BeginReading();
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var command = sql.Parameters.CommandFor(sql.Text, connection);
        if (sql.IsFrequent)
        {
            await command.PrepareAsync(cancellationToken);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("catalogue_state or catalogue_counts lacks its row.");
        }

        var rows = new PageRows(query, layout, cursors);
        var stamp = new CatalogueStamp(reader.GetInt64(rows.HeadColumn), reader.GetDateTime(rows.HeadColumn + 1).Ticks);
        var total = reader.GetInt64(rows.HeadColumn + 2);
        if (anchor is not null && stamp != anchored)
        {
            return null;
        }

        var page = _pages.Get();
        try
        {
            page.Begin();
            await rows.ReadAsync(reader, page, cancellationToken);
            version.Complete(reading, stamp);
            var links = rows.Links();
            return RenderedPage.Of(stamp, page.End(total, query, links, sql.Counted), links.Header);
        }
        finally
        {
            _pages.Return(page);
        }
    }
}
