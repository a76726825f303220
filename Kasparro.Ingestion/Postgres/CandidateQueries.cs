using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>listings</c> as identity asks it: who has these keys.</summary>
internal static class CandidateQueries
{
    private const string Columns = "l.listing_id, l.source, l.external_id, l.symbol, l.name, l.is_active, l.created_at, l.asset_id";

    // OFFSET 0 makes each key one look into an index, whatever the planner knows of the table. Given an array to compare a column with, it would compare
    // each element with all the column's most common values, to guess how many rows come: longer than it takes to read them.
    private const string ByContractSql = $"""
        SELECT {Columns} FROM unnest($1, $2) AS k (platform, address)
        CROSS JOIN LATERAL (SELECT listing_id FROM asset_platforms WHERE address = k.address AND platform = k.platform OFFSET 0) AS p
        CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = p.listing_id OFFSET 0) AS l
        """;

    /// <summary>The listings with any of the keys or ids; one that has several comes several times.</summary>
    public static async Task<List<CandidateRow>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<BlockingKey> keys, IReadOnlyCollection<Guid> listingIds, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var kind in keys.GroupBy(key => key.Kind, key => key.Value))
        {
            batch.BatchCommands.Add(kind.Key switch
            {
                BlockingKeyKind.Match => By("match_key", kind.ToArray()),
                BlockingKeyKind.Slug => By("slug_key", kind.ToArray()),
                BlockingKeyKind.Name => By("name_key", kind.ToArray()),
                _ => ByContract([.. kind.Select(key => key.Split('\n', 2))]),
            });
        }

        if (listingIds.Count > 0)
        {
            batch.BatchCommands.Add(By("listing_id", listingIds.ToArray()));
        }

        await batch.PrepareAsync(cancellationToken);
        var rows = new List<CandidateRow>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        do
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(new(
                    reader.GetGuid(0),
                    reader.GetString(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.GetBoolean(5),
                    reader.GetFieldValue<DateTimeOffset>(6),
                    reader.GetGuid(7)));
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        return rows;
    }

    private static NpgsqlBatchCommand By<T>(string column, T[] values) =>
        new($"SELECT {Columns} FROM unnest($1) AS k CROSS JOIN LATERAL (SELECT * FROM listings WHERE {column} = k OFFSET 0) AS l")
        {
            Parameters = { new() { Value = values } },
        };

    private static NpgsqlBatchCommand ByContract(string[][] contracts) =>
        new(ByContractSql) { Parameters = { Texts(contracts.Select(contract => contract[0])), Texts(contracts.Select(contract => contract[1])) } };

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}

/// <summary>A listing that the catalogue has, with its asset.</summary>
internal sealed record CandidateRow(
    Guid ListingId, string Source, string ExternalId, string Symbol, string Name, bool IsActive, DateTimeOffset CreatedAt, Guid AssetId);
