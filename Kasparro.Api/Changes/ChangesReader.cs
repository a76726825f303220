using Kasparro.Api.Catalogue;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Changes;

/// <summary>Reads the changes after a state, from one snapshot of Postgres in one round trip.</summary>
internal sealed class ChangesReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    // The client's state belongs to this catalogue if its version was committed here at the same time; then all later changes are still
    // recorded, since only the oldest records are ever deleted. Version 0 belongs to every catalogue.
    private const string HeadSql = """
        SELECT s.version, s.changed_at, pg_is_in_recovery(),
               CASE WHEN $1 = 0 THEN s.version = 0 OR EXISTS (SELECT FROM catalogue_changes c WHERE c.version = 1)
                    ELSE (s.version = $1 AND s.changed_at = $2)
                   OR EXISTS (SELECT FROM catalogue_changes c WHERE c.version = $1 AND c.changed_at = $2) END
        FROM catalogue_state s WHERE s.id = 1
        """;

    // Reads record by record until there are enough ids: a record may have thousands.
    private const string RowsSql = """
        SELECT n.version, n.changed_at, n.number, n.asset_id, a.asset_id IS NOT NULL, a.symbol, a.name, a.is_active, a.price_usd,
               a.market_cap_usd, a.volume_24h_usd, a.rank, a.source, a.updated_at, r.merged_into
        FROM (SELECT c.version, c.changed_at, u.number, u.asset_id
              FROM (SELECT version, changed_at, asset_ids FROM catalogue_changes
                    WHERE version > $1 OR (version = $1 AND $2 > 0) ORDER BY version) AS c
              CROSS JOIN LATERAL unnest(c.asset_ids) WITH ORDINALITY AS u(asset_id, number)
              WHERE c.version > $1 OR u.number > $2
              ORDER BY c.version, u.number LIMIT $3) AS n
        LEFT JOIN assets a ON a.asset_id = n.asset_id LEFT JOIN asset_redirects r ON r.asset_id = n.asset_id
        ORDER BY n.version, n.number
        """;

    /// <summary>
    /// Reads a page; null if the client's state does not belong to this catalogue, or if the changes after it are no longer recorded.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">
    /// Postgres does not respond in time, or is a standby that is behind the client's state.
    /// </exception>
    public Task<ChangesResponse?> ReadAsync(ChangesPosition since, int limit, CancellationToken cancellationToken) =>
        deadline.RunAsync(token => QueryAsync(since, limit, token), cancellationToken);

    private async Task<ChangesResponse?> QueryAsync(ChangesPosition since, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await catalogue.OpenConnectionAsync(cancellationToken);
        await using var batch = connection.CreateSnapshot(
            new NpgsqlBatchCommand(HeadSql).With([since.Stamp.Version, new DateTime(since.Stamp.ChangedAt, DateTimeKind.Utc)]),
            new NpgsqlBatchCommand(RowsSql).With([since.Stamp.Version, (long)since.Part, limit + 1L]));
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var newest = await CatalogueStamp.ReadAsync(reader, cancellationToken);
        if (!reader.GetBoolean(3))
        {
            // A standby may be behind the server that the client read from before; once promoted, it is no longer a standby.
            return reader.GetBoolean(2) && since.Stamp.Version > newest.Version
                ? throw CatalogueUnavailableException.FromLaggingStandby()
                : null;
        }

        await reader.NextResultAsync(cancellationToken);
        var (next, count) = (new ChangesPosition(newest, 0), 0);
        var last = next;
        var (changed, removed, seen) = (new List<ChangedAsset>(), new List<RemovedAsset>(), new HashSet<Guid>());
        while (await reader.ReadAsync(cancellationToken))
        {
            if (count++ == limit)
            {
                next = last;
                break;
            }

            last = new(new(reader.GetInt64(0), reader.GetDateTime(1).Ticks), (int)reader.GetInt64(2));
            if (!seen.Add(reader.GetGuid(3)))
            {
                continue;
            }

            if (reader.GetBoolean(4))
            {
                changed.Add(ReadAsset(reader));
            }
            else
            {
                removed.Add(new(reader.GetGuid(3), reader.GetFieldValue<Guid?>(14)));
            }
        }

        return new(since.ToString(), next.ToString(), newest.Version, next.Stamp != newest || next.Part > 0, changed, removed);
    }

    private static ChangedAsset ReadAsset(NpgsqlDataReader row) => new(
        row.GetGuid(3), row.GetString(5), row.GetString(6), row.GetBoolean(7), row.GetNumber(8), row.GetNumber(9), row.GetNumber(10),
        row.GetFieldValue<int?>(11), row.GetString(12), row.GetDateTime(13));
}
