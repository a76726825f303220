using System.Runtime.CompilerServices;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Mappings;

/// <summary>
/// Reads every asset with its ids, in the order of asset ids. Each batch is a separate query, so a slow client holds no snapshot and no
/// connection.
/// </summary>
internal sealed class MappingsReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    private const int BatchSize = 1000;

    private const string Sql = $"""
        SELECT a.asset_id, a.symbol, a.name, a.is_active,
               ARRAY(SELECT external_id FROM listings l WHERE l.asset_id = a.asset_id AND source = '{SourceNames.CoinPaprika}' ORDER BY 1),
               ARRAY(SELECT external_id FROM listings l WHERE l.asset_id = a.asset_id AND source = '{SourceNames.CoinGecko}' ORDER BY 1),
               ARRAY(SELECT external_id FROM listings l WHERE l.asset_id = a.asset_id AND source = '{SourceNames.Csv}' ORDER BY 1),
               ARRAY(SELECT DISTINCT p.platform || ':' || p.address FROM listings l JOIN asset_platforms p ON p.listing_id = l.listing_id
                     WHERE l.asset_id = a.asset_id ORDER BY 1),
               ARRAY(SELECT r.asset_id FROM asset_redirects r WHERE r.merged_into = a.asset_id ORDER BY r.asset_id),
               ARRAY(SELECT DISTINCT x.vocabulary || ':' || x.value FROM listings l JOIN external_ids x ON x.listing_id = l.listing_id
                     WHERE l.asset_id = a.asset_id ORDER BY 1)
        FROM assets a WHERE a.asset_id > $1 ORDER BY a.asset_id LIMIT $2
        """;

    private const string ChainsSql = "SELECT platform, chain_id FROM upstream_platforms WHERE chain_id IS NOT NULL";

    /// <summary>Reads the assets.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async IAsyncEnumerable<AssetMapping> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Including those that the platform map lacks.
        var chains = await deadline.RunAsync(
            token => catalogue.QueryAsync(ChainsSql, [], row => (Platform: row.GetString(0), ChainId: row.GetInt64(1)), token),
            cancellationToken);
        var chainIds = chains.DistinctBy(chain => chain.Platform, StringComparer.Ordinal)
            .ToDictionary(chain => chain.Platform, chain => chain.ChainId, StringComparer.Ordinal);
        for (var last = Guid.Empty; ;)
        {
            var after = last;
            var batch = await deadline.RunAsync(token => QueryAsync(after, chainIds, token), cancellationToken);
            foreach (var mapping in batch)
            {
                yield return mapping;
            }

            if (batch.Count < BatchSize)
            {
                yield break;
            }

            last = batch[^1].AssetId;
        }
    }

    private Task<List<AssetMapping>> QueryAsync(Guid after, Dictionary<string, long> chainIds, CancellationToken cancellationToken)
    {
        return catalogue.QueryAsync(Sql, [after, BatchSize], Read, cancellationToken);

        AssetMapping Read(NpgsqlDataReader row)
        {
            var (gecko, contracts) = (row.GetFieldValue<string[]>(5), row.GetFieldValue<string[]>(7));
            return new(
                row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetFieldValue<string[]>(4), gecko,
                row.GetFieldValue<string[]>(6),
                [.. Caip19.NativeCoins(gecko), .. contracts.Select(GetCaip19).OfType<string>().Distinct(StringComparer.Ordinal)],
                contracts,
                row.GetFieldValue<Guid[]>(8),
                row.GetFieldValue<string[]>(9));
        }

        string? GetCaip19(string contract)
        {
            // A source's own platform has a colon in its name (source:id), so the address begins after the second colon.
            var colon = contract.StartsWith($"{SourceNames.CoinPaprika}:", StringComparison.Ordinal)
                ? contract.IndexOf(':', SourceNames.CoinPaprika.Length + 1)
                : contract.IndexOf(':', StringComparison.Ordinal);
            var platform = contract[..colon];
            return Caip19.From(platform, contract[(colon + 1)..], chainIds.TryGetValue(platform, out var chainId) ? chainId : null);
        }
    }
}
