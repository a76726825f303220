using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>Opens exports: each has a connection and a snapshot of its own, and there are only so many at once.</summary>
internal sealed class ExportReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline, IOptions<ApiOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.ConcurrentExports);

    /// <summary>Begins an export: everything up to its first row.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time, or too many exports run already.</exception>
    public async Task<ExportRows> OpenAsync(ExportQuery query, CancellationToken cancellationToken)
    {
        var opening = deadline.RunAsync(token => BeginAsync(query, token));
        try
        {
            return await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The client has gone; what it asked for may still come.
            _ = opening.ContinueWith(
                static opened => opened.Result.DisposeAsync().AsTask(),
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<ExportRows> BeginAsync(ExportQuery query, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await catalogue.OpenConnectionAsync(cancellationToken);
            var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { new(DataSql.Begin), new(ExportSql.Version), ExportSql.Rows(query.Rows), new(DataSql.Commit) },
            };
            var reader = await batch.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            var version = reader.GetInt64(0);
            await reader.NextResultAsync(cancellationToken);
            return new ExportRows(version, batch, reader, _places);
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            _places.Release();
            throw;
        }
    }
}
