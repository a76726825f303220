using System.Text.Json;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>identity_decisions</c>.</summary>
internal static class MatchDecisionStore
{
    /// <summary>Selects the decisions about pairs whose first listing is one of these; <see cref="ReadAsync"/> reads the result.</summary>
    public static NpgsqlBatchCommand Select(Guid[] listingIds) =>
        new("""
            SELECT d.listing_id, d.other_id, d.asset_id, d.rule, d.reason, d.confidence, d.evidence FROM unnest($1) AS k
            CROSS JOIN LATERAL (SELECT * FROM identity_decisions WHERE listing_id = k OFFSET 0) AS d
            """)
        {
            Parameters = { new() { Value = listingIds } },
        };

    /// <summary>Reads the result of <see cref="Select"/>.</summary>
    public static async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> rows, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add((reader.GetGuid(0), reader.GetGuid(1)), new(
                reader.GetFieldValue<Guid?>(2),
                reader.GetString(3),
                reader.GetStringOrNull(4),
                reader.GetDouble(5),
                JsonSerializer.Deserialize(reader.GetString(6), EvidenceJson.Default.StringArray) ?? []));
        }
    }

    /// <summary>Replaces the decisions about a set of connected listings with the current ones; writes only what changed.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="before">The decisions about these listings in the table.</param>
    /// <param name="wanted">The current decisions; those already in the table are removed from it.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection,
        IReadOnlyDictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> before,
        Dictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> wanted,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var stale = new List<(Guid ListingId, Guid OtherId)>();
        foreach (var (key, row) in before)
        {
            if (wanted.TryGetValue(key, out var same) && same.Equals(row))
            {
                wanted.Remove(key);
            }
            else
            {
                stale.Add(key);
            }
        }

        await DeleteAsync(connection, stale, cancellationToken);
        await InsertAsync(connection, wanted, now, cancellationToken);
    }

    private static async Task DeleteAsync(
        NpgsqlConnection connection, List<(Guid ListingId, Guid OtherId)> stale, CancellationToken cancellationToken)
    {
        if (stale.Count == 0)
        {
            return;
        }

        await using var delete = new NpgsqlCommand(
            """
            DELETE FROM identity_decisions d USING unnest($1::uuid[], $2::uuid[]) AS k (listing_id, other_id)
            WHERE d.listing_id = k.listing_id AND d.other_id = k.other_id
            """,
            connection);
        delete.Parameters.AddValues([stale.Select(key => key.ListingId).ToArray(), stale.Select(key => key.OtherId).ToArray()]);
        await delete.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task InsertAsync(
        NpgsqlConnection connection,
        Dictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> rows,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var copy = await BinaryCopyWriter.BeginAsync(
            connection,
            "identity_decisions",
            "listing_id, other_id, asset_id, rule, reason, confidence, evidence, decided_at",
            cancellationToken);
        foreach (var ((listingId, otherId), row) in rows)
        {
            copy.StartRow();
            copy.Add(listingId);
            copy.Add(otherId);
            copy.Add(row.AssetId);
            copy.Add(row.Rule);
            copy.Add(row.Reason);
            copy.Add(row.Confidence);
            copy.AddJson(JsonSerializer.SerializeToUtf8Bytes(row.Evidence, EvidenceJson.Default.StringArray));
            copy.Add(now);
            await copy.EndRowAsync(cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }
}

/// <summary>A row of <c>identity_decisions</c> without its key and its time.</summary>
internal sealed record StoredMatchDecision(Guid? AssetId, string Rule, string? Reason, double Confidence, string[] Evidence)
{
    public bool Equals(StoredMatchDecision? other) =>
        other is not null
        && (AssetId, Rule, Reason, Confidence) == (other.AssetId, other.Rule, other.Reason, other.Confidence)
        && Evidence.AsSpan().SequenceEqual(other.Evidence);

    public override int GetHashCode() => HashCode.Combine(AssetId, Rule, Reason, Confidence, Evidence.Length);
}
