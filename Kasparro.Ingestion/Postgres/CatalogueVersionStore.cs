using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The catalogue's version and its maintained counts.</summary>
internal static class CatalogueVersionStore
{
    /// <summary>Increments the version, adjusts the counts, and records which assets changed.</summary>
    /// <returns>The new version.</returns>
    public static async Task<long> MoveAsync(
        NpgsqlConnection connection,
        DateTimeOffset now,
        string source,
        int listingsAdded,
        AssetChanges assets,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Move(batch, now, source, listingsAdded, assets);
        return (long)(await batch.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Adds the same to a batch, as its first result.</summary>
    public static void Move(NpgsqlBatch batch, DateTimeOffset now, string source, int listingsAdded, AssetChanges assets)
    {
        // The row of catalogue_state stays locked until the commit, so versions are committed in order, each with its changes.
        batch.BatchCommands.Add(new(
            """
            WITH moved AS (UPDATE catalogue_state SET version = version + 1, changed_at = $1 RETURNING version)
            INSERT INTO catalogue_changes (version, changed_at, count, asset_ids) SELECT version, $1, cardinality($2), $2 FROM moved
            RETURNING version
            """)
        {
            Parameters = { new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = assets.AssetIds } },
        });
        if (listingsAdded > 0)
        {
            batch.BatchCommands.Add(Count(source, listingsAdded));
        }

        if (assets.Grown != 0)
        {
            batch.BatchCommands.Add(Count(CatalogueCount.AssetsScope, assets.Grown));
        }

        static NpgsqlBatchCommand Count(string scope, int by) => new("UPDATE catalogue_counts SET count = count + $1 WHERE scope = $2")
        {
            Parameters = { new() { Value = (long)by }, new() { Value = scope } },
        };
    }
}
