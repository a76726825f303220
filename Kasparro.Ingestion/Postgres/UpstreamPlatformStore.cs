using Kasparro.Data;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>upstream_platforms</c>: platforms as sources describe them.</summary>
internal static class UpstreamPlatformStore
{
    /// <summary>Inserts or updates the platforms of a page; if several have the same id, the last one counts.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="source">The page's source.</param>
    /// <param name="page">The page.</param>
    /// <param name="cancellationToken">Cancels the statement.</param>
    /// <returns>The source's ids of the platforms that are new or have changed.</returns>
    public static async Task<IReadOnlySet<string>> UpsertAsync(
        NpgsqlConnection connection, string source, SourcePage page, CancellationToken cancellationToken)
    {
        var records = page.Records.GroupBy(record => record.ExternalId, StringComparer.Ordinal).Select(same => same.Last()).ToList();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO upstream_platforms AS p (source, platform_id, platform, name, chain_id, native_coin, seen_at)
            SELECT $1, k.platform_id, k.platform, k.name, k.chain_id, k.native_coin, $2
            FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[])
                 AS k (platform_id, platform, name, chain_id, native_coin)
            ON CONFLICT (source, platform_id) DO UPDATE
            SET platform = excluded.platform, name = excluded.name, chain_id = excluded.chain_id, native_coin = excluded.native_coin,
                seen_at = $2
            WHERE (p.platform, p.name, p.chain_id, p.native_coin)
                  IS DISTINCT FROM (excluded.platform, excluded.name, excluded.chain_id, excluded.native_coin)
            RETURNING p.platform_id
            """,
            connection);
        command.Parameters.AddValues(
        [
            source, page.FetchedAt, Parameters.Texts(records.Select(record => record.ExternalId)),
            Parameters.Texts(records.Select(record => PlatformMap.Canonical(source, record.ExternalId))),
            Parameters.Texts(records.Select(record => record.Name)),
            Parameters.Column(records, record => record.Platform?.ChainId, NpgsqlDbType.Bigint),
            Parameters.Texts(records.Select(record => record.Platform?.NativeCoin)),
        ]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return (await reader.ReadAllAsync(row => row.GetString(0), cancellationToken)).ToHashSet(StringComparer.Ordinal);
    }
}
