using Kasparro.Ingestion.Identity;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>Makes the catalogue follow identity where nothing but identity changed: new evidence, new overrides.</summary>
internal static class Reunion
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

        var grown = await MoveAsync(connection, reassigned, now, cancellationToken);
        return await CatalogueVersion.MoveAsync(connection, now, source, listingsAdded: 0, grown, cancellationToken);
    }

    /// <summary>The same within a page, whose transaction moves the version by itself.</summary>
    /// <returns>By how many the active assets grew (negative: shrank).</returns>
    public static async Task<int> MoveAsync(
        NpgsqlConnection connection, IReadOnlyList<Reassignment> reassigned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (reassigned.Count == 0)
        {
            return 0;
        }

        await ListingTable.ReassignAsync(connection, reassigned, cancellationToken);
        Guid[] former = [.. reassigned.Select(change => change.FormerAssetId).Distinct()];
        Guid[] touched = [.. reassigned.Select(change => change.AssetId).Concat(former).Distinct()];
        return await AssetTable.RecomputeAsync(connection, touched, former, now, cancellationToken);
    }
}
