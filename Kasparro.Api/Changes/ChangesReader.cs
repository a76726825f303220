using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Npgsql;

namespace Kasparro.Api.Changes;

/// <summary>Reads what moved after a version, from one snapshot of Postgres and in one round trip.</summary>
internal sealed class ChangesReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    // The versions that a page holds: those after $1 whose ids, all told, are not more than $2, and the first one in any case.
    private const string PageSql = """
        SELECT version, asset_ids FROM catalogue_changes WHERE version > $1 AND version <= (
            SELECT max(version) FROM (
                SELECT version, sum(count) OVER (ORDER BY version) AS ids, row_number() OVER (ORDER BY version) AS number
                FROM (SELECT version, count FROM catalogue_changes WHERE version > $1 ORDER BY version LIMIT $2) AS next) AS counted
            WHERE ids <= $2 OR number = 1)
        """;

    // A version without a note changed no asset (only what searches find); only the oldest notes are ever deleted.
    private const string HeadSql = $"""
        WITH page AS ({PageSql})
        SELECT s.version,
               CASE WHEN EXISTS (SELECT FROM catalogue_changes c WHERE c.version > p.last) THEN p.last ELSE s.version END,
               s.version = $1 OR coalesce($1 >= (SELECT min(version) FROM catalogue_changes) - 1, false)
        FROM catalogue_state s, (SELECT max(version) AS last FROM page) AS p WHERE s.id = 1
        """;

    private const string RowsSql = $"""
        WITH page AS ({PageSql}), ids AS (SELECT DISTINCT unnest(asset_ids) AS asset_id FROM page)
        SELECT ids.asset_id, a.asset_id IS NOT NULL, a.symbol, a.name, a.is_active, a.price_usd, a.market_cap_usd, a.volume_24h_usd, a.rank, a.source,
               a.updated_at, r.merged_into
        FROM ids LEFT JOIN assets a ON a.asset_id = ids.asset_id LEFT JOIN asset_redirects r ON r.asset_id = ids.asset_id
        ORDER BY ids.asset_id
        """;

    /// <summary>Reads a page.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not answer in time.</exception>
    public Task<ChangesAnswer> ReadAsync(ChangesQuery query, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(query, token)).WaitAsync(cancellationToken);

    private async Task<ChangesAnswer> QueryAsync(ChangesQuery query, CancellationToken cancellationToken)
    {
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new(DataSql.Begin),
                new(HeadSql) { Parameters = { new() { Value = query.Since }, new() { Value = (long)query.Limit } } },
                new(RowsSql) { Parameters = { new() { Value = query.Since }, new() { Value = (long)query.Limit } } },
                new(DataSql.Commit),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            throw new InvalidOperationException("catalogue_state has no row.");
        }

        var version = reader.GetInt64(0);
        if (query.Since > version)
        {
            return new(IsKnown: false, IsKept: true, Changes: null);
        }

        if (!reader.GetBoolean(2))
        {
            return new(IsKnown: true, IsKept: false, Changes: null);
        }

        var next = reader.GetInt64(1);
        await reader.NextResultAsync(cancellationToken);
        var (changed, removed) = (new List<ChangedAsset>(), new List<RemovedAsset>());
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetBoolean(1))
            {
                changed.Add(AssetOf(reader));
            }
            else
            {
                removed.Add(new(reader.GetGuid(0), reader.GetFieldValue<Guid?>(11)));
            }
        }

        return new(IsKnown: true, IsKept: true, new(query.Since, next, version, next < version, changed, removed));
    }

    private static ChangedAsset AssetOf(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(2), row.GetString(3), row.GetBoolean(4), row.GetNumber(5), row.GetNumber(6), row.GetNumber(7),
        row.GetFieldValue<int?>(8), row.GetString(9), row.GetDateTime(10));
}

/// <summary>What <c>/changes</c> found.</summary>
/// <param name="IsKnown">Whether the catalogue has reached the version.</param>
/// <param name="IsKept">Whether everything after it is still noted.</param>
/// <param name="Changes">The page.</param>
internal sealed record ChangesAnswer(bool IsKnown, bool IsKept, ChangesResponse? Changes);
