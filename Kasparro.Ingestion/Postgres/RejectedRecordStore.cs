using Kasparro.Data;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>rejected_records</c>.</summary>
internal static class RejectedRecordStore
{
    /// <summary>
    /// Stores a page's rejected records under the stream name of its checkpoint, by which a replay finds them. If people know the stream by
    /// another title, such as a file name, the detail begins with that.
    /// </summary>
    public static async Task InsertAsync(
        NpgsqlConnection connection,
        ActiveRun run,
        string stream,
        string title,
        SourcePage page,
        Func<string, string> redact,
        CancellationToken cancellationToken)
    {
        if (page.Rejections.Count == 0)
        {
            return;
        }

        var rejections = Distinct(run.Source, page.Rejections);
        var fingerprints = rejections.Keys.ToArray();

        // The same rejection updates the same row, which shows the record as last received; a second run over the same input writes
        // nothing.
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO rejected_records AS known
                (source, stream, fingerprint, run_id, position, external_id, reason, detail, payload, rejected_at)
            SELECT $1, $2, r.fingerprint, $3, r.position, r.external_id, r.reason, r.detail, r.payload, $4
            FROM unnest($5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[])
                 AS r (fingerprint, position, external_id, reason, detail, payload)
            ON CONFLICT (source, stream, fingerprint) DO UPDATE
            SET run_id = excluded.run_id, position = excluded.position, detail = excluded.detail, payload = excluded.payload,
                rejected_at = excluded.rejected_at
            WHERE known.payload <> excluded.payload
            """,
            connection);
        command.Parameters.AddValues(
        [
            run.Source, stream, run.RunId, page.FetchedAt, fingerprints,
            rejections.Values.Select(rejection => rejection.Position).ToArray(), Texts(rejection => rejection.ExternalId),
            Texts(rejection => rejection.Reason), Texts(rejection => title == stream ? rejection.Detail : $"{title}: {rejection.Detail}"),
            Texts(rejection => rejection.Payload),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Texts(Func<Rejection, string?> column) =>
            Parameters.Texts(rejections.Values.Select(rejection => Storable(column(rejection), redact)));
    }

    /// <summary>
    /// A page's rejections by reason and record; of equal ones, the last. An upstream's record is identified by its id, since its prices
    /// change from one response to the next; a record without an id, or a row of a file, by its content. Positions are not compared.
    /// </summary>
    private static Dictionary<Guid, Rejection> Distinct(string source, IReadOnlyList<Rejection> rejections)
    {
        var hash = new ContentHasher();
        var distinct = new Dictionary<Guid, Rejection>(rejections.Count);
        foreach (var rejection in rejections)
        {
            hash.Add(rejection.Reason);
            hash.Add(source != SourceNames.Csv && rejection.ExternalId is { } id ? id : rejection.Payload);
            distinct[hash.Finish()] = rejection;
        }

        return distinct;
    }

    /// <summary>
    /// Reads up to <paramref name="limit"/> rejected records of a stream after a given one, in the order of their rejection.
    /// </summary>
    public static async Task<List<StoredRejection>> ReadAsync(
        NpgsqlConnection connection, string source, string stream, StoredRejection? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT fingerprint, rejected_at, payload FROM rejected_records
            WHERE source = $1 AND stream = $2 AND (rejected_at, fingerprint) > ($3, $4)
            ORDER BY rejected_at, fingerprint LIMIT $5
            """,
            connection);
        command.Parameters.AddValues(
        [
            source, stream, after?.RejectedAt ?? DateTimeOffset.UnixEpoch, after?.Fingerprint ?? Guid.Empty, limit,
        ]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(
            row => new StoredRejection(row.GetGuid(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2)), cancellationToken);
    }

    public static async Task DeleteAsync(
        NpgsqlConnection connection,
        string source,
        string stream,
        IReadOnlyCollection<Guid> fingerprints,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "DELETE FROM rejected_records WHERE source = $1 AND stream = $2 AND fingerprint = ANY($3)", connection);
        command.Parameters.AddValues([source, stream, fingerprints.ToArray()]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes secrets from a text, and makes it storable in PostgreSQL.</summary>
    public static string? Storable(string? text, Func<string, string> redact) =>
        text is null ? null : Parameters.Storable(redact(text));
}

/// <summary>A stored rejected record.</summary>
internal sealed record StoredRejection(Guid Fingerprint, DateTimeOffset RejectedAt, string Payload);
