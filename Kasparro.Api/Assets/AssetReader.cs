using System.Text.Json;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Assets;

/// <summary>Reads one asset from one snapshot of Postgres, in one round trip.</summary>
internal sealed class AssetReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    private static readonly string AssetSql = $"""
        SELECT asset_id, symbol, name, is_active, price_usd, market_cap_usd, volume_24h_usd, rank, source, updated_at,
               {LogoReader.IsKnownSql("assets")}
        FROM assets WHERE asset_id = $1
        """;

    private const string ListingsSql = """
        SELECT l.listing_id, l.source, l.external_id, l.symbol, l.name, l.is_active, l.price_usd, l.market_cap_usd, l.volume_24h_usd,
               l.rank,
               l.circulating_supply, l.total_supply, l.max_supply, l.quoted_at, l.created_at, l.updated_at,
               ARRAY(SELECT p.platform FROM asset_platforms p WHERE p.listing_id = l.listing_id ORDER BY p.platform, p.address),
               ARRAY(SELECT p.address FROM asset_platforms p WHERE p.listing_id = l.listing_id ORDER BY p.platform, p.address)
        FROM listings l WHERE l.asset_id = $1 ORDER BY l.created_at, l.source, l.external_id
        """;

    private const string MergesSql = """
        SELECT d.listing_id, d.other_id, d.rule, d.confidence, d.evidence, d.decided_at
        FROM listings l JOIN identity_decisions d ON d.listing_id = l.listing_id
        WHERE l.asset_id = $1 AND d.asset_id = $1 ORDER BY d.confidence DESC, d.listing_id, d.other_id
        """;

    private const string FormerSql = "SELECT asset_id FROM asset_redirects WHERE merged_into = $1 ORDER BY merged_at, asset_id";

    /// <summary>The statement that reads where an id is redirected.</summary>
    internal const string MovedSql = "SELECT asset_id, merged_into, merged_at FROM asset_redirects WHERE asset_id = $1";

    private const string ExternalIdsSql = """
        SELECT DISTINCT x.vocabulary, x.value FROM listings l JOIN external_ids x ON x.listing_id = l.listing_id WHERE l.asset_id = $1
            ORDER BY 1, 2
        """;

    // Chains that the platform map lacks but a source knows.
    private const string ChainsSql = """
        SELECT DISTINCT p.platform, u.chain_id FROM listings l JOIN asset_platforms p ON p.listing_id = l.listing_id
        JOIN upstream_platforms u ON u.platform = p.platform AND u.chain_id IS NOT NULL WHERE l.asset_id = $1
        """;

    private static readonly string[] Statements = [AssetSql, ListingsSql, MergesSql, FormerSql, MovedSql, ExternalIdsSql, ChainsSql];

    /// <summary>Reads the asset, or where its id is redirected; both are null if the id names no asset.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<(AssetResponse? Asset, AssetMoved? Moved)> ReadAsync(Guid assetId, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(assetId, token), cancellationToken);

    private async Task<(AssetResponse? Asset, AssetMoved? Moved)> QueryAsync(Guid assetId, CancellationToken cancellationToken)
    {
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var batch = connection.CreateSnapshot(Statements.Select(sql => new NpgsqlBatchCommand(sql).With([assetId])));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var asset = (await reader.ReadAllAsync(ReadAsset, cancellationToken)).SingleOrDefault();
        var listings = await reader.ReadNextAsync(ReadListing, cancellationToken);
        var merges = await reader.ReadNextAsync(ReadMerge, cancellationToken);
        var former = await reader.ReadNextAsync(row => row.GetGuid(0), cancellationToken);
        var moved = await reader.ReadNextAsync(ReadMoved, cancellationToken);
        var external = await reader.ReadNextAsync(row => new AssetId(row.GetString(0), row.GetString(1)), cancellationToken);
        var chainIds = (await reader.ReadNextAsync(row => (Platform: row.GetString(0), ChainId: row.GetInt64(1)), cancellationToken))
            .DistinctBy(chain => chain.Platform, StringComparer.Ordinal)
            .ToDictionary(chain => chain.Platform, chain => chain.ChainId, StringComparer.Ordinal);
        return asset is null
            ? (null, moved.SingleOrDefault())
            : (asset with
            {
                Listings = listings,
                Merges = merges,
                FormerIds = former,
                Divergence = AssetDivergence.From(listings),
                Ids = AssetIds.From(asset.AssetId, listings, external, former, chainIds),
                Chains = AssetChain.From(listings, chainIds),
            },
            null);
    }

    private static AssetResponse ReadAsset(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetNumber(4), row.GetNumber(5), row.GetNumber(6),
        row.GetFieldValue<int?>(7), row.GetString(8), row.GetDateTime(9), [], Divergence: null, [], [], [], [],
        row.GetBoolean(10) ? LogoEndpoints.GetPath(row.GetGuid(0)) : null);

    private static AssetListing ReadListing(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetBoolean(5), row.GetNumber(6),
        row.GetNumber(7), row.GetNumber(8), row.GetFieldValue<int?>(9), row.GetNumber(10), row.GetNumber(11), row.GetNumber(12),
        row.GetFieldValue<DateTime?>(13), row.GetDateTime(14), row.GetDateTime(15),
        [.. row.GetFieldValue<string[]>(16).Zip(row.GetFieldValue<string[]>(17), (platform, address) =>
            new AssetContract(platform, address))]);

    private static AssetMerge ReadMerge(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetGuid(1), row.GetString(2), row.GetDouble(3), ReadEvidence(row, 4), row.GetDateTime(5));

    /// <summary>Reads a row of <see cref="MovedSql"/>.</summary>
    internal static AssetMoved ReadMoved(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetGuid(1), row.GetDateTime(2));

    /// <summary>Reads the texts of <c>identity_decisions.evidence</c>.</summary>
    internal static IReadOnlyList<string> ReadEvidence(NpgsqlDataReader row, int column) =>
        JsonSerializer.Deserialize(row.GetString(column), ApiJson.Relaxed.IReadOnlyListString) ?? [];
}
