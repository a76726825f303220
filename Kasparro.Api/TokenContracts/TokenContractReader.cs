using Kasparro.Api.Postgres;
using Npgsql;
using NpgsqlTypes;

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
              WHERE p.address = $1 AND p.platform = ANY($2) GROUP BY l.asset_id) AS found
        JOIN assets a ON a.asset_id = found.asset_id
        ORDER BY a.is_active DESC, a.market_cap_usd DESC NULLS LAST, a.asset_id LIMIT $3
        """;

    /// <summary>Reads the assets of a contract, or null if no listing names it.</summary>
    /// <param name="platform">Any source's id for the platform.</param>
    /// <param name="address">The address; for an EVM platform, in any case.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<TokenContractResponse?> ReadAsync(string platform, string address, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(platform, address, token), cancellationToken);

    private async Task<TokenContractResponse?> QueryAsync(string platform, string address, CancellationToken cancellationToken)
    {
        if (TokenContract.From(platform, address) is not { } contract)
        {
            return null;
        }

        await using var command = catalogue.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = contract.Address });
        command.Parameters.Add(
            new() { Value = PlatformMap.Candidates(platform).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = MaxAssets });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var assets = new List<TokenContractAsset>();
        var stored = platform;
        while (await reader.ReadAsync(cancellationToken))
        {
            assets.Add(new(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetNumber(4), reader.GetNumber(5),
                reader.GetString(6), reader.GetDateTime(7), reader.GetFieldValue<string[]>(8)));
            stored = reader.GetString(9);
        }

        return assets.Count == 0 ? null : new(stored, contract.Address, assets);
    }
}
