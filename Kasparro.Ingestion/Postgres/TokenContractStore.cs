using Kasparro.Data;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>asset_platforms</c>: the token contracts that sources name for their listings.</summary>
internal static class TokenContractStore
{
    /// <summary>Selects the contracts of listings; the overload of <c>ReadAsync</c> that takes a reader reads the result.</summary>
    public static NpgsqlBatchCommand Select(Guid[] listingIds) =>
        new("""
            SELECT p.listing_id, p.platform, p.address FROM unnest($1) AS k
            CROSS JOIN LATERAL (SELECT * FROM asset_platforms WHERE listing_id = k OFFSET 0) AS p
            """)
        {
            Parameters = { new() { Value = listingIds } },
        };

    /// <summary>Reads the result of <see cref="Select"/>.</summary>
    public static async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<Guid, HashSet<TokenContract>> contracts, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!contracts.TryGetValue(reader.GetGuid(0), out var ofListing))
            {
                contracts.Add(reader.GetGuid(0), ofListing = []);
            }

            ofListing.Add(new(reader.GetString(1), reader.GetString(2)));
        }
    }

    /// <summary>Reads the contracts of listings.</summary>
    public static Task<Dictionary<Guid, HashSet<TokenContract>>> ReadAsync(
        NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, Select(listingIds), cancellationToken);

    /// <summary>Reads all contracts on a platform that a source names.</summary>
    public static Task<Dictionary<Guid, HashSet<TokenContract>>> ReadAsync(
        NpgsqlConnection connection, string source, string platform, CancellationToken cancellationToken) =>
        ExecuteAsync(
            connection,
            new("SELECT listing_id, platform, address FROM asset_platforms WHERE source = $1 AND platform = $2")
            {
                Parameters = { new() { Value = source }, new() { Value = platform } },
            },
            cancellationToken);

    /// <summary>Adds and removes contracts.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="source">The source that names them.</param>
    /// <param name="added">The contracts that it now names.</param>
    /// <param name="removed">The contracts that it no longer names.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task WriteAsync(
        NpgsqlConnection connection,
        string source,
        IReadOnlyCollection<(Guid ListingId, TokenContract Contract)> added,
        IReadOnlyCollection<(Guid ListingId, TokenContract Contract)> removed,
        CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(
            """
            DELETE FROM asset_platforms p USING unnest($1::uuid[], $2::text[], $3::text[]) AS k (listing_id, platform, address)
            WHERE p.listing_id = k.listing_id AND p.platform = k.platform AND p.address = k.address AND p.source = $4
            """,
            removed);
        Add(
            """
            INSERT INTO asset_platforms (listing_id, platform, address, source)
            SELECT k.listing_id, k.platform, k.address, $4
            FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (listing_id, platform, address)
            ON CONFLICT DO NOTHING
            """,
            added);
        if (batch.BatchCommands.Count > 0)
        {
            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        void Add(string sql, IReadOnlyCollection<(Guid ListingId, TokenContract Contract)> rows)
        {
            if (rows.Count > 0)
            {
                batch.BatchCommands.Add(new NpgsqlBatchCommand(sql).With(
                [
                    rows.Select(row => row.ListingId).ToArray(), Parameters.Texts(rows.Select(row => row.Contract.Platform)),
                    Parameters.Texts(rows.Select(row => row.Contract.Address)), source,
                ]));
            }
        }
    }

    private static async Task<Dictionary<Guid, HashSet<TokenContract>>> ExecuteAsync(
        NpgsqlConnection connection, NpgsqlBatchCommand select, CancellationToken cancellationToken)
    {
        var contracts = new Dictionary<Guid, HashSet<TokenContract>>();
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { select } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await ReadAsync(reader, contracts, cancellationToken);
        return contracts;
    }
}
