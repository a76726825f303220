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
    DataCursorCodec cursors,
    IOptions<ApiOptions> options) : IDisposable
{
    private readonly ObjectPool<PageJson> _pages = ObjectPool.Create<PageJson>();
    private readonly SemaphoreSlim _places = new(options.Value.ConcurrentRenders);

    /// <summary>Renders the page, and tells <see cref="CatalogueVersionTracker"/> of the state that it found.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<RenderedPage> RenderAsync(DataQuery query) => deadline.RunAsync(async cancellationToken =>
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await ReadAsync(query, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    });

    public void Dispose() => _places.Dispose();

    private async Task<RenderedPage> ReadAsync(DataQuery query, CancellationToken cancellationToken)
    {
        var layout = RowLayout.For(query);
        var sql = DataSql.For(query, layout);
        var reading = version.BeginReading();
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var command = sql.Parameters.CommandFor(sql.Text, connection);
        if (sql.IsFrequent && version.MayPrepare)
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
        var page = _pages.Get();
        try
        {
            page.Begin();
            await rows.ReadAsync(reader, page, cancellationToken);
            version.Complete(reading, stamp);
            var links = rows.Links();
            return RenderedPage.Create(stamp, page.End(total, query, links), links.Header);
        }
        finally
        {
            _pages.Return(page);
        }
    }
}
