using System.Threading.RateLimiting;
using Kasparro.Api.Catalogue;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>The rows of one export, all from one snapshot, read on demand.</summary>
internal sealed class ExportRows(CatalogueStamp stamp, NpgsqlBatch batch, NpgsqlDataReader reader, RateLimitLease place) : IAsyncDisposable
{
    private bool _isAtEnd;

    /// <summary>The catalogue's state that the rows belong to.</summary>
    public CatalogueStamp Stamp => stamp;

    /// <summary>Writes all rows.</summary>
    public async Task WriteToAsync<T>(
        IExportWriter<T> writer, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            await writer.WriteAsync(read(reader), cancellationToken);
        }

        _isAtEnd = true;
        await writer.CompleteAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_isAtEnd)
            {
                // Otherwise, closing the reader would read all remaining rows.
                batch.Cancel();
            }

            await reader.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // Expected: the cancelled statement reports its cancellation.
        }
        finally
        {
            await batch.DisposeAsync();
            if (batch.Connection is { } connection)
            {
                await connection.DisposeAsync();
            }

            place.Dispose();
        }
    }
}
