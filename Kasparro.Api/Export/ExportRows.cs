using System.Threading.RateLimiting;
using Kasparro.Api.Catalogue;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>The rows of one export, of one snapshot, read as they are asked for.</summary>
internal sealed class ExportRows(CatalogueStamp stamp, NpgsqlBatch batch, NpgsqlDataReader reader, RateLimitLease place) : IAsyncDisposable
{
    private bool _isAtEnd;

    /// <summary>The catalogue's state that the rows are of.</summary>
    public CatalogueStamp Stamp => stamp;

    /// <summary>Writes the rows.</summary>
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
                // Closing a reader reads what is left: nobody wants that any more.
                batch.Cancel();
            }

            await reader.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // What was cancelled says so.
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
