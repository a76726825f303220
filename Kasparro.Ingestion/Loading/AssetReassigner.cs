using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>Makes the catalogue follow identity where nothing but identity changed: new evidence, new overrides.</summary>
internal static class AssetReassigner
{
    /// <summary>Moves listings to their assets, in the caller's transaction.</summary>
    /// <returns>The catalogue's new version; null where nothing moved.</returns>
    public static async Task<long?> ApplyAsync(
        NpgsqlConnection connection, string source, IReadOnlyList<Reassignment> reassigned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (reassigned.Count == 0)
        {
            return null;
        }

        var changes = new AssetChanges();
        await MoveAsync(connection, reassigned, now, changes, cancellationToken);
        return await CatalogueVersionStore.MoveAsync(connection, now, source, listingsAdded: 0, changes, cancellationToken);
    }

    /// <summary>The same within a page, whose transaction moves the version by itself.</summary>
    public static async Task MoveAsync(
        NpgsqlConnection connection,
        IReadOnlyList<Reassignment> reassigned,
        DateTimeOffset now,
        AssetChanges changes,
        CancellationToken cancellationToken)
    {
        if (reassigned.Count == 0)
        {
            return;
        }

        await ListingStore.ReassignAsync(connection, reassigned, cancellationToken);
        Guid[] former = [.. reassigned.Select(change => change.FormerAssetId).Distinct()];
        Guid[] touched = [.. reassigned.Select(change => change.AssetId).Concat(former).Distinct()];
        await AssetStore.RecomputeAsync(connection, touched, former, now, changes, cancellationToken);
    }
}
