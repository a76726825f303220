using System.Threading.RateLimiting;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;
using Kasparro.Api.Postgres;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Api.Export;

/// <summary>
/// Opens exports. Each has its own connection and snapshot, and the number of concurrent ones is limited, in total and for each client.
/// </summary>
internal sealed class ExportReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline, IOptions<ApiOptions> options) : IDisposable
{
    // The deadline limits how long requests wait; this limits how many wait.
    private const int MaxWaiting = 100;

    private readonly PartitionedRateLimiter<ClientKey> _places = PartitionedRateLimiter.CreateChained(
        Places(client => client, options.Value.ConcurrentExportsPerClient),
        Places(_ => default, options.Value.ConcurrentExports));

    /// <summary>Opens an export, up to its first row.</summary>
    /// <param name="sql">Creates the statement that reads the rows, for each attempt.</param>
    /// <param name="client">The client that asks.</param>
    /// <param name="cancellationToken">Cancelled when the client has gone.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time, or too many exports are running.</exception>
    public Task<ExportRows> OpenAsync(Func<NpgsqlBatchCommand> sql, ClientKey client, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => BeginAsync(sql, client, token), cancellationToken);

    public void Dispose() => _places.Dispose();

    private static PartitionedRateLimiter<ClientKey> Places(Func<ClientKey, ClientKey> partition, int places) =>
        PartitionedRateLimiter.Create<ClientKey, ClientKey>(client => RateLimitPartition.GetConcurrencyLimiter(
            partition(client), _ => new ConcurrencyLimiterOptions { PermitLimit = places, QueueLimit = MaxWaiting }));

    private async Task<ExportRows> BeginAsync(Func<NpgsqlBatchCommand> sql, ClientKey client, CancellationToken cancellationToken)
    {
        var place = await _places.AcquireAsync(client, permitCount: 1, cancellationToken);
        NpgsqlConnection? connection = null;
        try
        {
            if (!place.IsAcquired)
            {
                throw new TimeoutException("Too many exports run and wait already.");
            }

            connection = await catalogue.OpenConnectionAsync(cancellationToken);
            var batch = connection.CreateSnapshot(new(CatalogueStamp.Sql), sql());
            var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var stamp = await CatalogueStamp.ReadAsync(reader, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            return new ExportRows(stamp, batch, reader, place);
        }
        catch
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            place.Dispose();
            throw;
        }
    }
}
