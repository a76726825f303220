using Kasparro.Data;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>logos</c>: the URLs that sources name, and the pictures fetched from them.</summary>
internal static class LogoStore
{
    /// <summary>
    /// Stores the logo URLs of records if they have changed, and removes logos that a source no longer has. Part of the batch that closes a
    /// page's transaction.
    /// </summary>
    /// <param name="batch">The batch.</param>
    /// <param name="records">New and changed records.</param>
    /// <param name="now">The time at which new logos become due.</param>
    public static void Note(NpgsqlBatch batch, IEnumerable<SourceRecord> records, DateTimeOffset now)
    {
        List<SourceRecord> named = [], without = [];
        foreach (var record in records)
        {
            (record.LogoUrl switch { null => null, "" => without, _ => named })?.Add(record);
        }

        if (named.Count > 0)
        {
            // Unchanged rows are only read: ON CONFLICT would lock them, which is a write.
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                """
                INSERT INTO logos (listing_id, url, due_at)
                SELECT k.listing_id, k.url, $3 FROM unnest($1::uuid[], $2::text[]) AS k (listing_id, url)
                LEFT JOIN LATERAL (SELECT url FROM logos WHERE listing_id = k.listing_id OFFSET 0) AS known ON true
                WHERE known.url IS DISTINCT FROM k.url
                ON CONFLICT (listing_id) DO UPDATE SET url = excluded.url, due_at = excluded.due_at, failure = NULL
                """).With(
            [
                Parameters.Column(named, record => record.ListingId, NpgsqlDbType.Uuid),
                Parameters.Texts(named.Select(record => record.LogoUrl)), now,
            ]));
        }

        if (without.Count > 0)
        {
            batch.BatchCommands.Add(new("DELETE FROM logos WHERE listing_id = ANY($1)")
            {
                Parameters = { Parameters.Column(without, record => record.ListingId, NpgsqlDbType.Uuid) },
            });
        }
    }

    /// <summary>
    /// Takes due logos, best ranks first. No other worker takes them before the time given; after that, they are due again.
    /// </summary>
    public static async Task<IReadOnlyList<DueLogo>> TakeDueAsync(
        NpgsqlDataSource dataSource, int limit, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            UPDATE logos AS g SET due_at = $2
            FROM (SELECT d.listing_id FROM logos AS d JOIN listings AS l ON l.listing_id = d.listing_id
                  WHERE d.due_at <= $1 ORDER BY l.rank NULLS LAST, d.listing_id LIMIT $3 FOR UPDATE OF d SKIP LOCKED) AS due
            WHERE g.listing_id = due.listing_id RETURNING g.listing_id, g.url
            """);
        command.Parameters.AddValues([now, until, limit]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(row => new DueLogo(row.GetGuid(0), row.GetString(1)), cancellationToken);
    }

    /// <summary>Stores a picture, unless the source names another URL by now.</summary>
    /// <returns>The asset whose logo it may be, or null if it was not stored.</returns>
    public static async Task<Guid?> StoreAsync(
        NpgsqlDataSource dataSource, DueLogo logo, string contentType, byte[] content, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            UPDATE logos AS g SET content_type = $3, content = $4, fetched_at = $5, due_at = NULL, failure = NULL
            FROM listings AS l WHERE g.listing_id = $1 AND g.url = $2 AND l.listing_id = g.listing_id RETURNING l.asset_id
            """);
        command.Parameters.AddValues([logo.ListingId, logo.Url, contentType, content, now]);
        return await command.ExecuteScalarAsync(cancellationToken) as Guid?;
    }

    /// <summary>Records that a logo could not be fetched, and when it is due again.</summary>
    public static async Task FailAsync(
        NpgsqlDataSource dataSource, DueLogo logo, string failure, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand("UPDATE logos SET due_at = $3, failure = $4 WHERE listing_id = $1 AND url = $2");
        command.Parameters.AddValues([logo.ListingId, logo.Url, dueAt, failure]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes all pictures except those locked by another transaction; their URLs stay.</summary>
    /// <returns>The assets that the pictures' listings belong to.</returns>
    public static async Task<IReadOnlyList<Guid>> ClearAsync(
        NpgsqlDataSource dataSource, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            """
            UPDATE logos AS g SET content_type = NULL, content = NULL, fetched_at = NULL, due_at = $1
            FROM (SELECT d.listing_id, l.asset_id FROM logos AS d JOIN listings AS l ON l.listing_id = d.listing_id
                  WHERE d.content_type IS NOT NULL FOR UPDATE OF d SKIP LOCKED) AS held
            WHERE g.listing_id = held.listing_id RETURNING held.asset_id
            """);
        command.Parameters.AddValues([now]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(row => row.GetGuid(0), cancellationToken);
    }
}

/// <summary>A logo to fetch.</summary>
/// <param name="ListingId">The listing.</param>
/// <param name="Url">The URL that its source names.</param>
internal readonly record struct DueLogo(Guid ListingId, string Url);
