using Kasparro.Data;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>Queries of entity resolution: which listings have given blocking keys.</summary>
internal static class CandidateQueries
{
    private const string Columns = """
        l.listing_id, l.source, l.external_id, l.symbol, l.name, l.is_active, l.created_at, l.asset_id, l.delisted_at IS NOT NULL,
        l.price_usd, l.market_cap_usd, l.circulating_supply, l.quoted_at
        """;

    /// <summary>
    /// The average number of listings per key above which each key is looked up separately, because some have very many listings.
    /// </summary>
    private const int ListingsOfKey = 4;

    /// <summary>
    /// One more than the maximum per key and source. If a source has more, none of them takes part, so the rest need not be read.
    /// </summary>
    private static readonly int Limit = BlockingKey.MaxOfSource + 1;

    /// <summary>Reads the listings with any of the keys or ids; a listing that has several of them is returned several times.</summary>
    public static async Task<List<CandidateRow>> ReadAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<BlockingKey> keys,
        IReadOnlyCollection<Guid> listingIds,
        CancellationToken cancellationToken)
    {
        var rows = new List<CandidateRow>();
        var crowded = new List<BlockingKey>();
        var many = new List<BlockingKey[]>();
        await using var batch = new NpgsqlBatch(connection);
        var kinds = keys.GroupBy(key => key.Kind).Select(kind => kind.ToArray()).ToList();
        kinds.ForEach(kind => batch.BatchCommands.Add(FindColumn(kind) is { } column ? ByAny(column, kind) : By(kind, source: null)));
        if (listingIds.Count > 0)
        {
            batch.BatchCommands.Add(new(
                $"SELECT {Columns} FROM unnest($1) AS k CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = k OFFSET 0) AS l")
            {
                Parameters = { new() { Value = listingIds.ToArray() } },
            });
        }

        await using (var reader = await batch.ExecuteReaderAsync(cancellationToken))
        {
            foreach (var kind in kinds)
            {
                if (FindColumn(kind) is null)
                {
                    crowded.AddRange(await ReadByKeyAsync(reader, kind, rows, cancellationToken));
                }
                else if (!await TryReadAsync(reader, GetLimit(kind), rows, cancellationToken))
                {
                    many.Add(kind);
                }

                await reader.NextResultAsync(cancellationToken);
            }

            while (listingIds.Count > 0 && await reader.ReadAsync(cancellationToken))
            {
                rows.Add(Row(reader));
            }
        }

        foreach (var kind in many)
        {
            await using var command = new NpgsqlBatch(connection) { BatchCommands = { By(kind, source: null) } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            crowded.AddRange(await ReadByKeyAsync(reader, kind, rows, cancellationToken));
        }

        if (crowded.Count > 0)
        {
            await ReadCrowdedAsync(connection, crowded, rows, cancellationToken);
        }

        return rows;
    }

    /// <summary>Reads all rows, or none if there are more than the limit.</summary>
    private static async Task<bool> TryReadAsync(
        NpgsqlDataReader reader, int limit, List<CandidateRow> rows, CancellationToken cancellationToken)
    {
        var before = rows.Count;
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Row(reader));
        }

        if (rows.Count - before <= limit)
        {
            return true;
        }

        rows.RemoveRange(before, rows.Count - before);
        return false;
    }

    /// <summary>
    /// Looks up keys that exceed the limit one source at a time, so that one source's listings do not hide those of another.
    /// </summary>
    private static async Task ReadCrowdedAsync(
        NpgsqlConnection connection, List<BlockingKey> crowded, List<CandidateRow> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var commands = SourceNames.All
            .SelectMany(source => crowded.GroupBy(key => key.Kind), (source, kind) => (Source: source, Keys: kind.ToArray())).ToList();
        commands.ForEach(command => batch.BatchCommands.Add(By(command.Keys, command.Source)));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var (_, ofKind) in commands)
        {
            await ReadByKeyAsync(reader, ofKind, rows, cancellationToken);
            await reader.NextResultAsync(cancellationToken);
        }
    }

    /// <returns>The keys that may have more listings than were read.</returns>
    private static async Task<List<BlockingKey>> ReadByKeyAsync(
        NpgsqlDataReader reader, BlockingKey[] keys, List<CandidateRow> rows, CancellationToken cancellationToken)
    {
        var counts = new int[keys.Length];
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(Row(reader));
            counts[reader.GetInt64(13) - 1]++;
        }

        return [.. keys.Where((_, i) => counts[i] >= Limit)];
    }

    private static int GetLimit(BlockingKey[] keys) => Limit + (ListingsOfKey * keys.Length);

    private static string? FindColumn(BlockingKey[] keys) => keys[0].Kind switch
    {
        BlockingKeyKind.Match => "match_key",
        BlockingKeyKind.Slug => "slug_key",
        BlockingKeyKind.Name => "name_key",
        _ => null,
    };

    // One pass over the index with a generic plan (FencedTransaction). With a custom plan, the planner would compare each key with the
    // column's most common values to estimate the number of rows, which takes longer than reading them.
    private static NpgsqlBatchCommand ByAny(string column, BlockingKey[] keys) =>
        new($"SELECT {Columns} FROM listings l WHERE l.{column} = ANY($1) LIMIT $2")
        {
            Parameters = { Parameters.Texts(keys.Select(key => key.Value)), new() { Value = GetLimit(keys) + 1L } },
        };

    // LIMIT and OFFSET 0 make each key one index lookup, even if the planner has no statistics for the table.
    private static NpgsqlBatchCommand By(BlockingKey[] keys, string? source)
    {
        var ofSource = source is null ? "" : "AND source = $2";
        var column = FindColumn(keys);
        var command = column is null
            ? new NpgsqlBatchCommand($"""
                SELECT {Columns}, k.number
                FROM unnest(${(source is null ? 2 : 3)}::text[], $1::text[]) WITH ORDINALITY AS k (platform, address, number)
                CROSS JOIN LATERAL (SELECT listing_id FROM asset_platforms WHERE address = k.address AND platform = k.platform {ofSource}
                                    LIMIT {Limit}) AS p
                CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = p.listing_id OFFSET 0) AS l
                """)
            : new NpgsqlBatchCommand($"""
                SELECT {Columns}, k.number FROM unnest($1::text[]) WITH ORDINALITY AS k (key, number)
                CROSS JOIN LATERAL (SELECT * FROM listings WHERE {column} = k.key {ofSource} LIMIT {Limit}) AS l
                """);
        var split = column is null ? keys.Select(key => key.Value.Split('\n', 2)).ToArray() : [];
        command.Parameters.Add(Parameters.Texts(column is null ? split.Select(contract => contract[1]) : keys.Select(key => key.Value)));
        if (source is not null)
        {
            command.Parameters.AddValues([source]);
        }

        if (column is null)
        {
            command.Parameters.Add(Parameters.Texts(split.Select(contract => contract[0])));
        }

        return command;
    }

    private static CandidateRow Row(NpgsqlDataReader reader) => new(
        reader.GetGuid(0),
        reader.GetString(1),
        reader.GetString(2),
        reader.GetString(3),
        reader.GetString(4),
        reader.GetBoolean(5),
        reader.GetFieldValue<DateTimeOffset>(6),
        reader.GetGuid(7),
        reader.GetBoolean(8),
        new(
            reader.GetFieldValue<double?>(9),
            reader.GetFieldValue<double?>(10),
            reader.GetFieldValue<double?>(11),
            reader.GetFieldValue<DateTimeOffset?>(12)));
}

/// <summary>A listing in the catalogue, with its asset.</summary>
internal sealed record CandidateRow(
    Guid ListingId,
    string Source,
    string ExternalId,
    string Symbol,
    string Name,
    bool IsActive,
    DateTimeOffset CreatedAt,
    Guid AssetId,
    bool IsDelisted,
    PriceObservation Market);
