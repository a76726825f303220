using Kasparro.Benchmarks.Ingestion;

namespace Kasparro.Benchmarks.Storage;

/// <summary>Reads the sizes of tables on disk, including indexes and TOAST; a partitioned table includes all of its partitions.</summary>
internal static class TableSizes
{
    private const string Sql = """
        SELECT coalesce(parent.relname, c.relname)::text, sum(pg_total_relation_size(c.oid))::bigint
        FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        GROUP BY 1
        """;

    /// <summary>Reads the bytes of each table.</summary>
    public static async Task<Dictionary<string, long>> ReadAsync(BenchDatabase database, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var command = database.Connections.CreateCommand(Sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            sizes.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return sizes;
    }
}
