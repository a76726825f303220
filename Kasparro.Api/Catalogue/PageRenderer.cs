using System.Data;
using Kasparro.Api.Http;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Renders a page with one statement, which reads one snapshot of Postgres; the statements of common requests are prepared.
/// </summary>
internal sealed class PageRenderer(
    NpgsqlDataSource catalogue,
    CatalogueVersionTracker version,
    CatalogueDeadline deadline,
    DataCursorCodec cursors,
    IOptions<ApiOptions> options) : IDisposable
{
    private readonly ObjectPool<PageJson> _pages = ObjectPool.Create<PageJson>();
    private readonly SemaphoreSlim _places = new(options.Value.ConcurrentRenders);

    /// <summary>Renders the page, and reports the state that it read to <see cref="CatalogueVersionTracker"/>.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<RenderedPage> RenderAsync(DataQuery query) =>
        RunAsync((reading, connection, token) => ReadAsync(query, reading, connection, token));

    /// <summary>Reads the data of a page as soon as one of the render slots is free.</summary>
    /// <param name="read">Reads the data, and reports the state that it read to <see cref="CatalogueVersionTracker.Complete"/>.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<T> RunAsync<T>(Func<CatalogueVersionTracker.Reading, NpgsqlConnection, CancellationToken, Task<T>> read) =>
        deadline.RunAsync(async cancellationToken =>
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var reading = version.BeginReading();
            await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
            return await read(reading, connection, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    });

    public void Dispose() => _places.Dispose();

    private async Task<RenderedPage> ReadAsync(
        DataQuery query, CatalogueVersionTracker.Reading reading, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var layout = RowLayout.For(query);
        var currency = query.Filters?.Currency ?? "";
        await using var snapshot = currency.Length == 0 ? null
            : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var rate = snapshot is null ? null : await ReadRateAsync(currency, connection, cancellationToken);
        var sql = DataSql.For(query, layout);
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
            page.Begin(rate);
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

    private static async Task<DataRate> ReadRateAsync(string currency, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CurrencyRates.Sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rates = await CurrencyRates.ReadAsync(reader, cancellationToken);
        return rates.Knows(currency) && rates.QuotedAt is not null
            ? new(currency, rates)
            : throw new InvalidParameterException(CurrencyCode.Name, $"must be one of {string.Join(", ", rates.Codes)}");
    }
}
