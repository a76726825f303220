using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.TokenContracts;

/// <summary>Finds assets by contract.</summary>
internal sealed class TokenContractReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    /// <summary>The maximum number of assets in the response for one contract.</summary>
    public const int MaxAssets = 100;

    private const string Sql = """
        SELECT a.asset_id, a.symbol, a.name, a.is_active, a.price_usd, a.market_cap_usd, a.source, a.updated_at, found.sources,
            found.platform
        FROM (SELECT l.asset_id, min(p.platform) AS platform, array_agg(DISTINCT p.source) AS sources
              FROM asset_platforms p JOIN listings l ON l.listing_id = p.listing_id
              WHERE p.address = $1
                AND (p.platform = ANY($2) OR p.platform IN (SELECT u.platform FROM upstream_platforms u WHERE u.chain_id = $4))
              GROUP BY l.asset_id) AS found
        JOIN assets a ON a.asset_id = found.asset_id
        ORDER BY a.is_active DESC, a.market_cap_usd DESC NULLS LAST, a.asset_id LIMIT $3
        """;

    /// <summary>Reads the assets of a contract, or null if no listing names it.</summary>
    /// <param name="platform">Any source's id for the platform, its CAIP-2 id or its chain id.</param>
    /// <param name="address">The address; for an EVM platform, in any case.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<TokenContractResponse?> ReadAsync(string platform, string address, CancellationToken cancellationToken)
    {
        if (TokenContract.From(platform, address) is not { } contract)
        {
            return null;
        }

        var chainId = PlatformMap.ParseChainId(platform);
        var known = PlatformMap.FindByCaip2(platform) ?? PlatformMap.FindByChainId(chainId);
        var found = await deadline.RunAsync(
            token => catalogue.QueryAsync(
                Sql, [contract.Address, PlatformMap.Candidates(known?.Key ?? platform).ToArray(), MaxAssets, chainId],
                row => (Platform: row.GetString(9), Asset: ReadAsset(row)), token),
            cancellationToken);
        return found.Count == 0 ? null : new(found[^1].Platform, contract.Address, found.ConvertAll(row => row.Asset));
    }

    private static TokenContractAsset ReadAsset(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetNumber(4), row.GetNumber(5), row.GetString(6),
        row.GetDateTime(7), row.GetFieldValue<string[]>(8));
}
