using Kasparro.Ingestion.Normalization;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

/// <summary>The table <c>rejected_records</c>.</summary>
internal static class RejectedTable
{
    public static async Task InsertAsync(
        NpgsqlConnection connection, ActiveRun run, ISourceStream stream, SourcePage page, Secrets secrets, CancellationToken cancellationToken)
    {
        if (page.Rejections.Count == 0)
        {
            return;
        }

        var hash = new ContentHash();
        var fingerprints = new Guid[page.Rejections.Count];
        for (var i = 0; i < fingerprints.Length; i++)
        {
            var rejection = page.Rejections[i];
            hash.Add((double)rejection.Position);
            hash.Add(rejection.Reason);
            hash.Add(rejection.Payload);
            fingerprints[i] = hash.Finish();
        }

        // The same bad record, met again, is the same row: a second run over the same input writes nothing.
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO rejected_records (source, stream, fingerprint, run_id, position, external_id, reason, detail, payload, rejected_at)
            SELECT $1, $2, r.fingerprint, $3, r.position, r.external_id, r.reason, r.detail, r.payload, $4
            FROM unnest($5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[])
                 AS r (fingerprint, position, external_id, reason, detail, payload)
            ON CONFLICT (source, stream, fingerprint) DO NOTHING
            """,
            connection);
        command.Parameters.Add(new() { Value = run.Source });
        command.Parameters.Add(new() { Value = stream.Name });
        command.Parameters.Add(new() { Value = run.RunId });
        command.Parameters.Add(new() { Value = page.FetchedAt });
        command.Parameters.Add(new() { Value = fingerprints });
        command.Parameters.Add(new() { Value = page.Rejections.Select(rejection => rejection.Position).ToArray() });
        command.Parameters.Add(Texts(rejection => rejection.ExternalId));
        command.Parameters.Add(Texts(rejection => rejection.Reason));
        command.Parameters.Add(Texts(rejection => rejection.Detail));
        command.Parameters.Add(Texts(rejection => rejection.Payload));
        await command.ExecuteNonQueryAsync(cancellationToken);

        NpgsqlParameter Texts(Func<Rejection, string?> column) => new()
        {
            Value = page.Rejections.Select(rejection => Storable(column(rejection), secrets)).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        };
    }

    /// <summary>PostgreSQL's text has no NUL, and UTF-8 has no half surrogate pairs: both are shown, not lost.</summary>
    private static string? Storable(string? text, Secrets secrets)
    {
        if (text is null)
        {
            return null;
        }

        text = secrets.Remove(text).Replace('\0', '\u2400');
        return System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
    }
}
