using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>What a page's transaction begins with, in one round trip: it proves the fencing token and reads what is known of the page.</summary>
internal static class FencedTransaction
{
    /// <summary>Begins a transaction that reads nothing yet.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token.</exception>
    public static async Task ProveAsync(NpgsqlConnection connection, long fencingToken, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Open(batch);
        LeaseStore.ThrowIfStale(fencingToken, (long)(await batch.ExecuteScalarAsync(cancellationToken))!);
    }

    /// <summary>For a transaction beside a page's, which has proven the token: it reads as the page's does.</summary>
    public static async Task PlanByIndexAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PlanByIndex(batch);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The known listings of the page, with the hash of what was last read of them in this kind of record; null where there was none.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token.</exception>
    public static async Task<Dictionary<Guid, Guid?>> ReadAsync(
        NpgsqlConnection connection,
        ActiveRun run,
        RecordKind kind,
        IReadOnlyCollection<Guid> listingIds,
        CancellationToken cancellationToken)
    {
        var column = kind is RecordKind.Profile ? "profile_hash" : "quote_hash";
        await using var batch = new NpgsqlBatch(connection);
        Open(batch);
        batch.BatchCommands.Add(new($"SELECT listing_id, {column} FROM listings WHERE listing_id = ANY($1)")
        {
            Parameters = { new() { Value = listingIds.ToArray() } },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        LeaseStore.ThrowIfStale(run.FencingToken, reader.GetInt64(0));

        await reader.NextResultAsync(cancellationToken);
        var hashes = new Dictionary<Guid, Guid?>(listingIds.Count);
        while (await reader.ReadAsync(cancellationToken))
        {
            hashes.Add(reader.GetGuid(0), reader.GetFieldValue<Guid?>(1));
        }

        return hashes;
    }

    /// <summary>Whose first answer is the newest token.</summary>
    private static void Open(NpgsqlBatch batch)
    {
        PlanByIndex(batch);
        batch.BatchCommands.Add(LeaseStore.NewestToken());
    }

    /// <summary>
    /// A page looks up its own keys, by index. The planner, which knows nothing yet of a catalogue that has just grown, would read the whole table for
    /// each page; and what has no index (the one row of a state table) must not look worth compiling.
    /// </summary>
    private static void PlanByIndex(NpgsqlBatch batch)
    {
        batch.BatchCommands.Add(new("SET LOCAL enable_seqscan = off"));
        batch.BatchCommands.Add(new("SET LOCAL jit = off"));
    }
}
