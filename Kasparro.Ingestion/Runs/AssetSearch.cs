using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// The table that <c>/data?q=</c> searches. Updating its trigram index costs as much as the rest of a new asset, so it is updated after an
/// ingestion, not page by page. It is derived from the assets alone: any worker may update it at any time, with or without the lock.
/// </summary>
internal sealed class AssetSearch(NpgsqlDataSource dataSource, CatalogueAnnouncer announcer)
{
    /// <summary>
    /// Applies assets that were added, removed or given another symbol or name since the last refresh, and announces the new version.
    /// </summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        // No timeout: the first ingestion indexes the whole catalogue.
        await using var command = new NpgsqlCommand("SELECT refresh_asset_search()", connection) { CommandTimeout = 0 };
        if (await command.ExecuteScalarAsync(cancellationToken) is long version)
        {
            await announcer.AnnounceAsync(version);
        }
    }
}
