using Npgsql;

namespace Kasparro.Ingestion.Runs;

/// <summary>
/// The table that <c>/data?q=</c> searches. Its trigram index costs as much as all the rest of a new asset, so it is brought up to date
/// after an ingestion and not page by page. It follows from the assets alone: any worker may do it at any time, with or without the lock.
/// </summary>
internal sealed class AssetSearch(NpgsqlDataSource dataSource, CatalogueAnnouncer announcer)
{
    /// <summary>
    /// Takes in what assets came, went or changed their symbol or name since the last time, and announces the version that this makes.
    /// </summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        // No limit of time: the first ingestion indexes the whole catalogue.
        await using var command = new NpgsqlCommand("SELECT refresh_asset_search()", connection) { CommandTimeout = 0 };
        if (await command.ExecuteScalarAsync(cancellationToken) is long version)
        {
            await announcer.AnnounceAsync(version);
        }
    }
}
