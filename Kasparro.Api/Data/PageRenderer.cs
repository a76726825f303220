using Kasparro.Api.Caching;
using Kasparro.Api.Errors;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Data;

/// <summary>Renders a page from one snapshot of Postgres, in one round trip of prepared statements.</summary>
internal sealed class PageRenderer(
    NpgsqlDataSource catalogue, CatalogueVersion version, CatalogueDeadline deadline, IOptions<ApiOptions> options) : IDisposable
{
    private readonly ObjectPool<PageJson> _pages = ObjectPool.Create<PageJson>();
    private readonly SemaphoreSlim _places = new(options.Value.ConcurrentRenders);

    /// <summary>Renders the page, and tells <see cref="CatalogueVersion"/> of the state that it found.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
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
        var reading = version.BeginReading();
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var batch = CreateBatch(connection, query);
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("catalogue_state or catalogue_counts lacks its row.");
        }

        var stamp = new CatalogueStamp(reader.GetInt64(0), reader.GetDateTime(1).Ticks);
        var total = reader.GetInt64(2);
        await reader.NextResultAsync(cancellationToken);

        var page = _pages.Get();
        try
        {
            page.Begin();
            while (await reader.ReadAsync(cancellationToken))
            {
                page.Add(reader);
            }

            version.Complete(reading, stamp);
            return new RenderedPage(stamp, page.End(total, query));
        }
        finally
        {
            _pages.Return(page);
        }
    }

    private static NpgsqlBatch CreateBatch(NpgsqlConnection connection, DataQuery query)
    {
        var sql = DataSql.For(query);
        var head = new NpgsqlBatchCommand(sql.Head);
        var rows = new NpgsqlBatchCommand(sql.Rows)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = query.PageSize }, new NpgsqlParameter<long> { TypedValue = query.Offset } },
        };
        foreach (var value in DataSql.Filter(query))
        {
            head.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
            rows.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        }

        return new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(DataSql.Begin), head, rows, new NpgsqlBatchCommand(DataSql.Commit) },
        };
    }
}
