using System.Globalization;
using Kasparro.Api.Http;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Resolve;

/// <summary>Finds the assets that ids name. Any number of ids takes two round trips.</summary>
internal sealed class IdentifierResolver(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    /// <summary>The confidence of a contract, which is that of the rule that merges by contract.</summary>
    private const double ContractConfidence = 0.99;

    /// <summary>The confidence of a source's id without the source's name, which could be meant for another source.</summary>
    private const double BareIdConfidence = 0.9;

    /// <summary>The number of ids that a core handles at a time; their results as JSON are too small for the large object heap.</summary>
    private const int Share = 200;

    private const string UnknownSql = """
        SELECT k.n FROM unnest($1::int[], $2::text[], $3::text[], $4::bigint[]) AS k (n, vocabulary, platform, chain_id)
        WHERE NOT EXISTS (SELECT FROM reference_files f WHERE f.vocabulary = k.vocabulary)
          AND NOT EXISTS (SELECT FROM upstream_platforms u WHERE u.platform = k.platform OR u.chain_id = k.chain_id)
        """;

    /// <summary>
    /// Finds ids with vocabularies that no file has, or with chains that no source has. The result has an error for each, by its index
    /// among the ids.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<IReadOnlyDictionary<int, string>> FindErrorsAsync(
        IReadOnlyList<AssetIdentifier?> ids, CancellationToken cancellationToken)
    {
        var doubtful = Enumerable.Range(0, ids.Count).Where(index =>
            ids[index] is { Vocabulary: not null } or { ChainId: not null }).ToList();
        return doubtful.Count == 0
            ? new Dictionary<int, string>()
            : await deadline.RunAsync(token => QueryErrorsAsync(ids, doubtful, token), cancellationToken);
    }

    /// <summary>Parses ids. The error of each invalid id is added under its index, <c>name[0]</c> and so on.</summary>
    /// <returns>The ids in the same order, with null for invalid ones.</returns>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<IReadOnlyList<AssetIdentifier?>> ParseAsync(
        IReadOnlyList<string> texts, string name, QueryErrors wrong, CancellationToken cancellationToken)
    {
        var shares = MapShares(texts, share => Array.ConvertAll(share, text =>
            (Id: AssetIdentifier.TryParse(text, out var id, out var error) ? id : null, Error: error)));
        var ids = new AssetIdentifier?[texts.Count];
        var errors = new SortedDictionary<int, string>();
        foreach (var (index, (id, error)) in shares.SelectMany(share => share).Index())
        {
            ids[index] = id;
            if (error is not null)
            {
                errors.Add(index, error);
            }
        }

        foreach (var (index, error) in await FindErrorsAsync(ids, cancellationToken))
        {
            errors.Add(index, error);
            ids[index] = null;
        }

        foreach (var (index, error) in errors)
        {
            wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{name}[{index}]"), error);
        }

        return ids;
    }

    // There may be many ids, but their vocabularies and chains are few.
    private async Task<Dictionary<int, string>> QueryErrorsAsync(
        IReadOnlyList<AssetIdentifier?> ids, List<int> doubtful, CancellationToken cancellationToken)
    {
        var scopes = doubtful.ConvertAll(index => Scope.From(ids[index]!)).Distinct().ToList();
        object[] values =
        [
            Enumerable.Range(0, scopes.Count).ToArray(), scopes.ConvertAll(scope => scope.Vocabulary),
            scopes.ConvertAll(scope => scope.Platform), scopes.ConvertAll(scope => scope.ChainId),
        ];
        var unknown = (await catalogue.QueryAsync(UnknownSql, values, row => scopes[row.GetInt32(0)], cancellationToken)).ToHashSet();
        return doubtful.Where(index => unknown.Contains(Scope.From(ids[index]!))).ToDictionary(index => index, index =>
            ids[index] is { ChainId: { } chainId }
                ? $"is of chain {chainId}, which this service does not know"
                : $"{AssetIdentifier.Vocabularies}; there is no vocabulary {ids[index]!.Vocabulary}");
    }

    /// <summary>Resolves ids. The results are in the order of the ids.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<IReadOnlyList<ResolvedId>> ResolveAsync(IReadOnlyList<AssetIdentifier> ids, CancellationToken cancellationToken) =>
        [.. (await ResolveAsync(ids, share => share, cancellationToken)).SelectMany(share => share)];

    /// <summary>Resolves ids in shares, on all cores.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="map">Maps the results of a share; runs on any thread.</param>
    /// <param name="cancellationToken">Cancelled when the client has gone.</param>
    /// <returns>The mapped shares, in the order of the ids.</returns>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<IReadOnlyList<T>> ResolveAsync<T>(
        IReadOnlyList<AssetIdentifier> ids, Func<ResolvedId[], T> map, CancellationToken cancellationToken)
    {
        var rows = await deadline.RunAsync(token => IdentifierRows.ReadAsync(catalogue, ids, token), cancellationToken);
        return MapShares(ids, share => map(Array.ConvertAll(share, id => Judge(id, rows.Find(id)))));
    }

    /// <summary>
    /// Maps the shares of a list, in order and in parallel: ten thousand ids keep one core busy for longer than Postgres.
    /// </summary>
    private static TResult[] MapShares<T, TResult>(IReadOnlyList<T> items, Func<T[], TResult> map)
    {
        T[][] shares = [.. items.Chunk(Share)];
        var results = new TResult[shares.Length];
        Parallel.For(0, shares.Length, place => results[place] = map(shares[place]));
        return results;
    }

    private static ResolvedId Judge(AssetIdentifier id, List<IdentifierRow> rows)
    {
        // Nearly every id has one row, and nothing to sort.
        var assets = rows is [var row] ? [Describe(row.Asset, [row.Describe(id)])] : Rank(id, rows);
        return assets switch
        {
            [] => new(id.Text, IdStatus.NotFound, Asset: null, Confidence: null, [], []),
            [var asset] => new(id.Text, IdStatus.Resolved, asset, GetConfidence(id.Kind, rows), asset.Evidence, []),
            _ => new(id.Text, IdStatus.Ambiguous, Asset: null, Confidence: null, [], assets),
        };
    }

    private static IReadOnlyList<ResolvedAsset> Rank(AssetIdentifier id, List<IdentifierRow> rows) =>
    [
        .. rows
            .OrderByDescending(row => row.Asset.MarketCapUsd).ThenBy(row => row.Asset.AssetId)
            .ThenBy(row => row.Kind).ThenBy(row => row.Source, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal)
            .GroupBy(row => row.Asset.AssetId)
            .Select(asset => Describe(
                asset.First().Asset, [.. asset.Select(row => row.Describe(id)).Distinct(StringComparer.Ordinal)])),
    ];

    private static ResolvedAsset Describe(NamedAsset asset, IReadOnlyList<string> evidence) =>
        new(asset.AssetId, asset.Symbol, asset.Name, asset.IsActive, evidence);

    private static double GetConfidence(IdentifierKind kind, List<IdentifierRow> rows) => kind switch
    {
        IdentifierKind.Contract or IdentifierKind.External when rows.TrueForAll(row => row.Kind is RowKind.Contract) => ContractConfidence,
        IdentifierKind.BareId => BareIdConfidence,
        _ => 1,
    };

    /// <summary>The part of an id that must be known: its vocabulary, which may be a platform, or its chain.</summary>
    private readonly record struct Scope(string? Vocabulary, string? Platform, long? ChainId)
    {
        public static Scope From(AssetIdentifier id) =>
            new(id.Vocabulary, id.Contracts is [var contract, ..] ? contract.Platform : null, id.ChainId);
    }
}
