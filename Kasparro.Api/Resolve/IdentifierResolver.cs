using System.Globalization;
using Kasparro.Api.Http;
using Kasparro.Api.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Resolve;

/// <summary>Finds the assets that ids name, any number of ids in one statement.</summary>
internal sealed class IdentifierResolver(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    /// <summary>A contract is as sure as the rule that merges by it.</summary>
    private const double ContractConfidence = 0.99;

    /// <summary>A source's id without the source's name can be meant of another source.</summary>
    private const double BareIdConfidence = 0.9;

    private const string Sql = """
        WITH found AS (
            SELECT k.n, a.asset_id, 'asset' AS kind, NULL AS name, NULL AS source, true AS is_active, NULL::timestamptz AS merged_at
            FROM unnest($1::int[], $2::uuid[]) AS k (n, id) JOIN assets a ON a.asset_id = k.id
            UNION ALL
            SELECT k.n, r.merged_into, 'merge', NULL, NULL, true, r.merged_at
            FROM unnest($1::int[], $2::uuid[]) AS k (n, id) JOIN asset_redirects r ON r.asset_id = k.id
            UNION ALL
            SELECT k.n, l.asset_id, 'listing', l.external_id, l.source, l.is_active, NULL
            FROM unnest($3::int[], $4::uuid[]) AS k (n, id) JOIN listings l ON l.listing_id = k.id
            UNION ALL
            SELECT k.n, l.asset_id, 'contract', p.platform || ':' || p.address, p.source, l.is_active, NULL
            FROM unnest($5::int[], $6::text[], $7::text[]) AS k (n, platform, address)
            JOIN asset_platforms p ON p.address = k.address AND p.platform = k.platform JOIN listings l ON l.listing_id = p.listing_id
            UNION ALL
            SELECT k.n, l.asset_id, 'contract', p.platform || ':' || p.address, p.source, l.is_active, NULL
            FROM unnest($8::int[], $9::bigint[], $10::text[]) AS k (n, chain_id, address)
            JOIN upstream_platforms u ON u.chain_id = k.chain_id
            JOIN asset_platforms p ON p.address = k.address AND p.platform = u.platform JOIN listings l ON l.listing_id = p.listing_id
            UNION ALL
            SELECT k.n, l.asset_id, 'crosswalk', l.source || ':' || l.external_id, x.file_name || ', line ' || x.line, l.is_active, NULL
            FROM unnest($11::int[], $12::text[], $13::text[]) AS k (n, vocabulary, value)
            JOIN external_ids x ON x.vocabulary = k.vocabulary AND x.value = k.value JOIN listings l ON l.listing_id = x.listing_id
        )
        SELECT f.n, f.kind, f.name, f.source, f.is_active, f.merged_at, a.asset_id, a.symbol, a.name, a.is_active
        FROM found f JOIN assets a ON a.asset_id = f.asset_id
        ORDER BY f.n, a.market_cap_usd DESC NULLS LAST, a.asset_id, f.kind, f.source, f.name
        """;

    private const string UnknownSql = """
        SELECT k.n FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) AS k (n, vocabulary, platform, chain_id)
        WHERE NOT EXISTS (SELECT FROM reference_files f WHERE f.vocabulary = k.vocabulary)
          AND NOT EXISTS (SELECT FROM upstream_platforms u WHERE u.platform = k.platform OR u.chain_id = k.chain_id)
        """;

    /// <summary>
    /// Finds ids of vocabularies that no file has, and of chains that no source has: what is wrong with each, by its place among the ids.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public async Task<IReadOnlyDictionary<int, string>> FindErrorsAsync(IReadOnlyList<AssetIdentifier> ids,
        CancellationToken cancellationToken)
    {
        var doubtful = Enumerable.Range(0, ids.Count).Where(index =>
            ids[index] is { Vocabulary: not null } or { ChainId: not null }).ToList();
        return doubtful.Count == 0
            ? new Dictionary<int, string>()
            : await deadline.RunAsync(token => QueryErrorsAsync(ids, doubtful, token), cancellationToken);
    }

    /// <summary>Parses ids; what is wrong with each is added under its place, <c>name[0]</c> and so on.</summary>
    /// <returns>The ids in their order, those that are wrong as null.</returns>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public async Task<IReadOnlyList<AssetIdentifier?>> ParseAsync(
        IReadOnlyList<string> texts, string name, QueryErrors wrong, CancellationToken cancellationToken)
    {
        var ids = new AssetIdentifier?[texts.Count];
        var errors = new SortedDictionary<int, string>();
        for (var index = 0; index < texts.Count; index++)
        {
            if (AssetIdentifier.TryParse(texts[index], out var id, out var error))
            {
                ids[index] = id;
            }
            else
            {
                errors.Add(index, error);
            }
        }

        var places = Enumerable.Range(0, ids.Length).Where(index => ids[index] is not null).ToList();
        foreach (var (place, error) in await FindErrorsAsync(places.ConvertAll(index => ids[index]!), cancellationToken))
        {
            errors.Add(places[place], error);
            ids[places[place]] = null;
        }

        foreach (var (index, error) in errors)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]"), error);
        }

        return ids;
    }

    private async Task<Dictionary<int, string>> QueryErrorsAsync(
        IReadOnlyList<AssetIdentifier> ids, List<int> doubtful, CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(UnknownSql);
        command.Parameters.Add(new() { Value = doubtful.ToArray() });
        command.Parameters.Add(Texts(doubtful.Select(index => ids[index].Vocabulary)));
        command.Parameters.Add(Texts(doubtful.Select(index => ids[index].Contracts is [var contract, ..] ? contract.Platform : null)));
        command.Parameters.Add(new()
        {
            Value = doubtful.Select(index => ids[index].ChainId).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var errors = new Dictionary<int, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var index = reader.GetInt32(0);
            errors[index] = ids[index].ChainId is { } chainId
                ? $"is of chain {chainId}, which this service does not know"
                : $"{AssetIdentifier.Vocabularies}; there is no vocabulary {ids[index].Vocabulary}";
        }

        return errors;
    }

    private static NpgsqlParameter Texts(IEnumerable<string?> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>Resolves ids; the results are in their order.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<IReadOnlyList<ResolvedId>> ResolveAsync(IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(ids, token), cancellationToken);

    private async Task<IReadOnlyList<ResolvedId>> QueryAsync(IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(Sql);
        Add<Guid>(command, NpgsqlDbType.Uuid, ids, id => id.Kind is IdentifierKind.Asset ? [id.AssetId] : []);
        Add(command, NpgsqlDbType.Uuid, ids, id => id.ListingIds);
        Add(command, NpgsqlDbType.Text, ids, id => id.Contracts.Select(contract => contract.Platform));
        command.Parameters.Add(Texts(ids.SelectMany(id => id.Contracts).Select(contract => contract.Address)));
        Add<long>(command, NpgsqlDbType.Bigint, ids, id => id.ChainId is { } chainId ? [chainId] : []);
        command.Parameters.Add(Texts(ids.Where(id => id.ChainId is not null).Select(id => id.Address)));
        Add<string>(command, NpgsqlDbType.Text, ids, id => id.Vocabulary is { } vocabulary ? [vocabulary] : []);
        command.Parameters.Add(Texts(ids.Where(id => id.Vocabulary is not null).Select(id => id.ExternalId)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var results = new List<ResolvedId>(ids.Count);
        var rows = new List<Row>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = Row.From(reader);
            for (; results.Count < row.Index; rows.Clear())
            {
                results.Add(Judge(ids[results.Count], rows));
            }

            rows.Add(row);
        }

        for (; results.Count < ids.Count; rows.Clear())
        {
            results.Add(Judge(ids[results.Count], rows));
        }

        return results;
    }

    private static void Add<T>(
        NpgsqlCommand command, NpgsqlDbType type, IReadOnlyList<AssetIdentifier> ids, Func<AssetIdentifier, IEnumerable<T>> getKeys)
    {
        var keys = ids.SelectMany((id, index) => getKeys(id).Select(key => (Index: index, Key: key))).ToList();
        command.Parameters.Add(new() { Value = keys.Select(key => key.Index).ToArray() });
        command.Parameters.Add(new() { Value = keys.Select(key => key.Key).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type });
    }

    private static ResolvedId Judge(AssetIdentifier id, List<Row> rows)
    {
        // An id that is an asset's, or led to one by a merge, also is a listing's: what the listing says adds nothing.
        var telling = rows.Exists(row => row.Kind is "asset" or "merge") ? rows.FindAll(row => row.Kind is "asset" or "merge") : rows;
        var assets = telling
            .GroupBy(row => row.AssetId)
            .Select(asset => new ResolvedAsset(
                asset.Key, asset.First().Symbol, asset.First().AssetName, asset.First().IsAssetActive,
                [.. asset.Select(row => row.Describe(id)).Distinct(StringComparer.Ordinal)]))
            .ToList();
        return assets switch
        {
            [] => new(id.Text, IdStatus.NotFound, Asset: null, Confidence: null, [], []),
            [var asset] => new(id.Text, IdStatus.Resolved, asset, GetConfidence(id.Kind, telling), asset.Evidence, []),
            _ => new(id.Text, IdStatus.Ambiguous, Asset: null, Confidence: null, [], assets),
        };
    }

    private static double GetConfidence(IdentifierKind kind, List<Row> rows) => kind switch
    {
        IdentifierKind.Contract or IdentifierKind.External when rows.TrueForAll(row => row.Kind is "contract") => ContractConfidence,
        IdentifierKind.BareId => BareIdConfidence,
        _ => 1,
    };

    private sealed record Row(
        int Index, string Kind, string? Name, string? Source, bool IsListed, DateTime? MergedAt, Guid AssetId, string Symbol,
        string AssetName, bool IsAssetActive)
    {
        public static Row From(NpgsqlDataReader row) => new(
            row.GetInt32(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            row.GetBoolean(4),
            row.GetFieldValue<DateTime?>(5), row.GetGuid(6), row.GetString(7), row.GetString(8), row.GetBoolean(9));

        public string Describe(AssetIdentifier id) => Kind switch
        {
            "asset" => "the asset's id",
            "merge" => $"merged into this asset at {MergedAt:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            "crosswalk" => $"{id.Vocabulary} id of listing {Name} in {Source}{Delisted}",
            "contract" => $"contract {Name}, named by {Source}{Delisted}",
            _ when id.Kind is IdentifierKind.NativeCoin => $"native coin of the chain: listing {Source}:{Name}{Delisted}",
            _ => $"listing {Source}:{Name}{Delisted}",
        };

        private string Delisted => IsListed ? "" : ", which is no longer active there";
    }
}
