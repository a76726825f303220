using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>asset_platforms</c>.</summary>
internal static class TokenContractStore
{
    /// <summary>Asks for the contracts of these listings; <see cref="ReadAsync(NpgsqlDataReader, Dictionary{Guid, HashSet{TokenContract}}, CancellationToken)"/> takes the answer.</summary>
    public static NpgsqlBatchCommand Select(Guid[] listingIds) =>
        new("""
            SELECT p.listing_id, p.platform, p.address FROM unnest($1) AS k
            CROSS JOIN LATERAL (SELECT * FROM asset_platforms WHERE listing_id = k OFFSET 0) AS p
            """)
        {
            Parameters = { new() { Value = listingIds } },
        };

    /// <summary>The answer to <see cref="Select"/>.</summary>
    public static async Task ReadAsync(NpgsqlDataReader reader, Dictionary<Guid, HashSet<TokenContract>> contracts, CancellationToken cancellationToken)
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

    /// <summary>Makes a source's contracts what a page of it says, and writes only what changed.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="source">The source.</param>
    /// <param name="named">What the page names, by listing.</param>
    /// <param name="isWhole">Whether the page names all contracts of its listings, or only those of one platform.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns>The contracts that were added or taken away.</returns>
    public static async Task<IReadOnlyCollection<(Guid ListingId, TokenContract Contract)>> ReplaceAsync(
        NpgsqlConnection connection,
        string source,
        IReadOnlyDictionary<Guid, HashSet<TokenContract>> named,
        bool isWhole,
        CancellationToken cancellationToken)
    {
        var known = await ReadAsync(connection, [.. named.Keys], cancellationToken);
        var added = Flatten(named).Where(row => !known.TryGetValue(row.ListingId, out var had) || !had.Contains(row.Contract)).ToList();
        var removed = isWhole
            ? Flatten(known).Where(row => !named[row.ListingId].Contains(row.Contract)).ToList()
            : await ReadMovedAsync(connection, source, added, named, cancellationToken);
        await ExecuteAsync(
            """
            DELETE FROM asset_platforms p USING unnest($1::uuid[], $2::text[], $3::text[]) AS k (listing_id, platform, address)
            WHERE p.listing_id = k.listing_id AND p.platform = k.platform AND p.address = k.address AND p.source = $4
            """,
            removed);
        await ExecuteAsync(
            """
            INSERT INTO asset_platforms (listing_id, platform, address, source)
            SELECT k.listing_id, k.platform, k.address, $4 FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (listing_id, platform, address)
            ON CONFLICT DO NOTHING
            """,
            added);
        return [.. added, .. removed];

        static IEnumerable<(Guid ListingId, TokenContract Contract)> Flatten(IReadOnlyDictionary<Guid, HashSet<TokenContract>> contracts) =>
            contracts.SelectMany(entry => entry.Value.Select(contract => (entry.Key, contract)));

        async Task ExecuteAsync(string sql, List<(Guid ListingId, TokenContract Contract)> rows)
        {
            if (rows.Count == 0)
            {
                return;
            }

            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new() { Value = rows.Select(row => row.ListingId).ToArray() });
            command.Parameters.Add(Texts(rows.Select(row => row.Contract.Platform)));
            command.Parameters.Add(Texts(rows.Select(row => row.Contract.Address)));
            command.Parameters.Add(new() { Value = source });
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A contract that the source now names for one listing and named for another before was corrected there.</summary>
    private static async Task<List<(Guid ListingId, TokenContract Contract)>> ReadMovedAsync(
        NpgsqlConnection connection,
        string source,
        List<(Guid ListingId, TokenContract Contract)> added,
        IReadOnlyDictionary<Guid, HashSet<TokenContract>> named,
        CancellationToken cancellationToken)
    {
        var moved = new List<(Guid, TokenContract)>();
        if (added.Count == 0)
        {
            return moved;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT p.listing_id, p.platform, p.address FROM unnest($1::text[], $2::text[]) AS k (platform, address)
            JOIN asset_platforms p ON p.address = k.address AND p.platform = k.platform WHERE p.source = $3
            """,
            connection);
        command.Parameters.Add(Texts(added.Select(row => row.Contract.Platform)));
        command.Parameters.Add(Texts(added.Select(row => row.Contract.Address)));
        command.Parameters.Add(new() { Value = source });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (listingId, contract) = (reader.GetGuid(0), new TokenContract(reader.GetString(1), reader.GetString(2)));
            if (!named.TryGetValue(listingId, out var still) || !still.Contains(contract))
            {
                moved.Add((listingId, contract));
            }
        }

        return moved;
    }

    private static async Task<Dictionary<Guid, HashSet<TokenContract>>> ReadAsync(
        NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        var contracts = new Dictionary<Guid, HashSet<TokenContract>>();
        if (listingIds.Length == 0)
        {
            return contracts;
        }

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Select(listingIds) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await ReadAsync(reader, contracts, cancellationToken);
        return contracts;
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
