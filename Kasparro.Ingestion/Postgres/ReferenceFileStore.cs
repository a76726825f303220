using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>
/// The tables of operators' files: <c>reference_files</c>, <c>reference_file_errors</c>, <c>external_ids</c> and <c>token_decimals</c>.
/// </summary>
internal static class ReferenceFileStore
{
    private const string FindSql = """
        SELECT f.n, min(f.listing_id::text)::uuid, min(f.asset_id::text)::uuid, count(DISTINCT f.asset_id) FROM (
            SELECT k.n, l.listing_id, l.asset_id FROM unnest($1::int[], $2::uuid[]) AS k (n, id) JOIN listings l ON l.listing_id = k.id
            UNION ALL
            SELECT k.n, l.listing_id, l.asset_id FROM unnest($3::int[], $4::text[], $5::text[]) AS k (n, platform, address)
            JOIN asset_platforms p ON p.address = k.address AND p.platform = k.platform JOIN listings l ON l.listing_id = p.listing_id
            UNION ALL
            SELECT k.n, l.listing_id, l.asset_id FROM unnest($6::int[], $7::bigint[], $8::text[]) AS k (n, chain_id, address)
            JOIN upstream_platforms u ON u.chain_id = k.chain_id
            JOIN asset_platforms p ON p.address = k.address AND p.platform = u.platform JOIN listings l ON l.listing_id = p.listing_id
        ) AS f GROUP BY f.n
        """;

    private static readonly ColumnMap<ExternalId> ExternalIds = new ColumnMap<ExternalId>("external_ids")
        .Text("vocabulary", id => id.Vocabulary)
        .Text("value", id => id.Value)
        .Uuid("listing_id", id => id.ListingId)
        .Text("file_name", id => id.FileName)
        .Bigint("line", id => id.Line);

    private static readonly ColumnMap<TokenDecimals> Decimals = new ColumnMap<TokenDecimals>("token_decimals")
        .Text("platform", token => token.Platform)
        .Text("address", token => token.Address)
        .Text("file_name", token => token.FileName)
        .Smallint("decimals", token => token.Decimals);

    /// <summary>Reads the files as they were last loaded, by kind and name.</summary>
    public static async Task<Dictionary<(string Kind, string FileName), StoredReferenceFile>> ReadAsync(
        NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var files = new Dictionary<(string Kind, string FileName), StoredReferenceFile>();
        await using var command =
            dataSource.CreateCommand("SELECT kind, file_name, content_hash, row_count, unknown_count FROM reference_files");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            files.Add((reader.GetString(0), reader.GetString(1)),
                new(reader.GetGuid(2), reader.GetInt32(3), reader.GetInt32(4)));
        }

        return files;
    }

    /// <summary>Reads the platforms that sources give for chain ids, for chains that the platform map lacks.</summary>
    public static async Task<Dictionary<long, string>> ReadChainsAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var chains = new Dictionary<long, string>();
        await using var command =
            dataSource.CreateCommand("SELECT chain_id, platform FROM upstream_platforms WHERE chain_id IS NOT NULL ORDER BY platform");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            chains.TryAdd(reader.GetInt64(0), reader.GetString(1));
        }

        return chains;
    }

    /// <summary>Finds the listings that ids name, by the id's index; an id that names none is left out.</summary>
    public static async Task<Dictionary<int, FoundListing>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(FindSql, connection);
        var places = Enumerable.Range(0, ids.Count).ToList();
        var listings = places.SelectMany(place => ids[place].ListingIds.Select(id => (Place: place, Id: id))).ToList();
        command.Parameters.AddValues(
        [
            Parameters.Column(listings, key => key.Place, NpgsqlDbType.Integer),
            Parameters.Column(listings, key => key.Id, NpgsqlDbType.Uuid),
        ]);
        var contracts = places.SelectMany(place => ids[place].Contracts.Select(contract => (Place: place, Contract: contract))).ToList();
        command.Parameters.AddValues(
        [
            Parameters.Column(contracts, key => key.Place, NpgsqlDbType.Integer),
            Parameters.Texts(contracts.Select(key => key.Contract.Platform)),
            Parameters.Texts(contracts.Select(key => key.Contract.Address)),
        ]);
        var chains = places.FindAll(place => ids[place].ChainId is not null);
        command.Parameters.AddValues(
        [
            Parameters.Column(chains, place => place, NpgsqlDbType.Integer),
            Parameters.Column(chains, place => ids[place].ChainId!.Value, NpgsqlDbType.Bigint),
            Parameters.Texts(chains.Select(place => ids[place].Address)),
        ]);
        var found = new Dictionary<int, FoundListing>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(reader.GetInt32(0), new(reader.GetGuid(1), reader.GetGuid(2), reader.GetInt64(3) > 1));
        }

        return found;
    }

    /// <summary>Replaces a vocabulary's ids, from any file, with those of one file.</summary>
    public static async Task ReplaceIdsAsync(
        NpgsqlConnection connection, string fileName, string vocabulary, IReadOnlyList<ExternalId> ids, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("DELETE FROM external_ids WHERE vocabulary = $1 OR file_name = $2")
                {
                    Parameters = { new() { Value = vocabulary }, new() { Value = fileName } },
                },
                new("""
                    DELETE FROM reference_file_errors e USING reference_files f
                    WHERE f.kind = $1 AND f.vocabulary = $2 AND e.kind = f.kind AND e.file_name = f.file_name
                    """)
                {
                    Parameters = { new() { Value = ReferenceFileKind.Crosswalk }, new() { Value = vocabulary } },
                },
                new("DELETE FROM reference_files WHERE kind = $1 AND vocabulary = $2")
                {
                    Parameters = { new() { Value = ReferenceFileKind.Crosswalk }, new() { Value = vocabulary } },
                },
            },
        };
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await ExternalIds.CopyAsync(connection, ids, cancellationToken);
    }

    /// <summary>Replaces the decimals of a file with its current ones.</summary>
    public static async Task ReplaceDecimalsAsync(
        NpgsqlConnection connection, string fileName, IReadOnlyList<TokenDecimals> tokens, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("DELETE FROM token_decimals WHERE file_name = $1", connection);
        command.Parameters.AddValues([fileName]);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await Decimals.CopyAsync(connection, tokens, cancellationToken);
    }

    /// <summary>Records the outcome of a file: its counts and its bad rows.</summary>
    /// <param name="connection">In the file's transaction.</param>
    /// <param name="file">The file, or null if it was refused, which leaves what was loaded before unchanged.</param>
    /// <param name="kind">One of <see cref="ReferenceFileKind"/>.</param>
    /// <param name="fileName">The file's name.</param>
    /// <param name="errors">Its bad rows.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task RecordAsync(
        NpgsqlConnection connection, ReferenceFile? file, string kind, string fileName, IReadOnlyList<ReferenceFileError> errors,
            CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (file is not null)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                """
                INSERT INTO reference_files (kind, file_name, vocabulary, content_hash, row_count, rejected_count, unknown_count, loaded_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (kind, file_name) DO UPDATE
                SET vocabulary = excluded.vocabulary, content_hash = excluded.content_hash, row_count = excluded.row_count,
                    rejected_count = excluded.rejected_count, unknown_count = excluded.unknown_count, loaded_at = excluded.loaded_at
                """).With(
            [
                kind, fileName, Parameters.Text(file.Vocabulary), file.ContentHash, file.RowCount, file.RejectedCount, file.UnknownCount,
                file.LoadedAt,
            ]));
        }

        batch.BatchCommands.Add(new("DELETE FROM reference_file_errors WHERE kind = $1 AND file_name = $2")
        {
            Parameters = { new() { Value = kind }, new() { Value = fileName } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            INSERT INTO reference_file_errors (kind, file_name, line, reason, detail, payload)
            SELECT $1, $2, e.line, e.reason, e.detail, e.payload
                FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[]) AS e (line, reason, detail, payload)
            ON CONFLICT DO NOTHING
            """).With(
        [
            kind, fileName, Parameters.Column(errors, error => error.Line, NpgsqlDbType.Bigint),
            Parameters.Texts(errors.Select(error => error.Reason)), Parameters.Texts(errors.Select(error => error.Detail)),
            Parameters.Texts(errors.Select(error => error.Payload)),
        ]));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>An operator's file as it was last loaded.</summary>
internal sealed record StoredReferenceFile(Guid ContentHash, int RowCount, int UnknownCount);

/// <summary>The listing that an id names.</summary>
/// <param name="ListingId">The listing; if the id names several of the same asset, one of them.</param>
/// <param name="AssetId">Its asset.</param>
/// <param name="IsAmbiguous">Whether the id also names other assets.</param>
internal sealed record FoundListing(Guid ListingId, Guid AssetId, bool IsAmbiguous);
