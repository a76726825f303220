using System.Text.Json;
using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>schema_drifts</c>.</summary>
internal static class SchemaDriftStore
{
    /// <summary>Adds a page's findings to those of its run, in the current transaction.</summary>
    public static async Task AddAsync(
        NpgsqlConnection connection,
        ActiveRun run,
        string stream,
        IReadOnlyList<DriftFinding> findings,
        DateTimeOffset now,
        Func<string, string> redact,
        CancellationToken cancellationToken)
    {
        if (findings.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            INSERT INTO schema_drifts AS d (run_id, source, stream, path, kind, expected, found, occurrences, example, policy, detected_at)
            SELECT $1, $2, $3, f.path, f.kind, f.expected, f.found, f.occurrences, f.example, f.policy, $4
            FROM unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[], $10::text[], $11::text[])
                 AS f (path, kind, expected, found, occurrences, example, policy)
            ON CONFLICT (run_id, stream, path, kind) DO UPDATE SET occurrences = d.occurrences + excluded.occurrences
            """,
            connection);
        command.Parameters.AddValues(
        [
            run.RunId, run.Source, stream, now, Texts(finding => finding.Path), Texts(finding => finding.Kind),
            Texts(finding => finding.Expected), Texts(finding => finding.Found), findings.Select(finding => finding.Occurrences).ToArray(),
            Texts(finding => redact(finding.Example)), Texts(finding => finding.PolicyName),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Texts(Func<DriftFinding, string?> column) => Parameters.Texts(findings.Select(column).Select(Parameters.Storable));
    }

    public static async Task<List<StoredDrift>> ReadAsync(NpgsqlConnection connection, Guid runId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT stream, path, kind, expected, found, renamed_to, confidence, occurrences FROM schema_drifts
            WHERE run_id = $1 ORDER BY stream, path, kind
            """,
            connection);
        command.Parameters.AddValues([runId]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(
            row => new StoredDrift(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetStringOrNull(3), row.GetStringOrNull(4),
                row.GetStringOrNull(5), row.GetFieldValue<double?>(6), row.GetInt64(7)),
            cancellationToken);
    }

    /// <summary>Reads records of a run, each with the previous record of the same listing.</summary>
    public static async Task<List<(JsonElement Before, JsonElement Now)>> ReadSamplesAsync(
        NpgsqlConnection connection, Guid runId, string stream, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT before.record::text, now.record::text
            FROM (SELECT e.listing_id, n.source, n.fetched_at, e.record
                  FROM ingestion_runs r JOIN raw_pages n ON n.run_id = r.run_id AND n.source = r.source
                  CROSS JOIN LATERAL ROWS FROM (unnest(n.listing_ids), json_array_elements(n.payload)) AS e (listing_id, record)
                  WHERE r.run_id = $1 AND n.stream = $2 AND n.fetched_at >= r.started_at - interval '1 day' LIMIT $3) AS now
            CROSS JOIN LATERAL (SELECT b.payload -> (array_position(b.listing_ids, now.listing_id) - 1) AS record FROM raw_pages b
                                WHERE b.source = now.source AND b.stream = $2 AND b.fetched_at < now.fetched_at AND b.run_id <> $1
                                  AND b.listing_ids @> ARRAY[now.listing_id]
                                ORDER BY b.fetched_at DESC LIMIT 1) AS before
            """,
            connection);
        command.Parameters.AddValues([runId, stream, limit]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(row => (Parse(row.GetString(0)), Parse(row.GetString(1))), cancellationToken);

        static JsonElement Parse(string json)
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.Clone();
        }
    }

    /// <summary>Combines the missing and the added field of a likely rename into one row.</summary>
    public static async Task RenameAsync(
        NpgsqlConnection connection,
        Guid runId,
        string stream,
        string from,
        string to,
        double confidence,
        CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            WITH added AS (DELETE FROM schema_drifts WHERE run_id = $1 AND stream = $2 AND path = $4 AND kind = $6 RETURNING found, example)
            UPDATE schema_drifts d SET kind = $8, renamed_to = $4, confidence = $5, found = added.found, example = added.example
            FROM added WHERE d.run_id = $1 AND d.stream = $2 AND d.path = $3 AND d.kind = $7
            """,
            connection);
        command.Parameters.AddValues([runId, stream, from, to, confidence, DriftKind.Added, DriftKind.Missing, DriftKind.Renamed]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A stored schema drift.</summary>
internal sealed record StoredDrift(
    string Stream, string Path, string Kind, string? Expected, string? Found, string? RenamedTo, double? Confidence, long Occurrences)
{
    public override string ToString() => Kind switch
    {
        DriftKind.Renamed => $"{Stream}: {Path} is likely {RenamedTo} now ({Confidence:0.00}, {Occurrences} records)",
        DriftKind.Retyped => $"{Stream}: {Path} is {Found} in place of {Expected} ({Occurrences} records)",
        _ => $"{Stream}: {Path} is {Kind} ({Occurrences} records)",
    };
}
