using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>price_comparisons</c>.</summary>
internal static class PriceAgreementStore
{
    /// <summary>
    /// Pairs that a rule of names unites or would unite, that have quotes of nearly the same time, and that prices have not settled. What one
    /// contract or a person unites needs no price. LIMIT makes each join a look into an index, a pair at a time: the planner, which knows little of
    /// tables that have just grown, would read them whole for each page.
    /// </summary>
    private const string ComparableSql = """
        SELECT d.listing_id, d.other_id, d.reason IS NULL, p.agrees,
               l.price_usd, l.market_cap_usd, l.circulating_supply, l.quoted_at, o.price_usd, o.market_cap_usd, o.circulating_supply, o.quoted_at
        FROM (SELECT d.* FROM unnest($1) AS k CROSS JOIN LATERAL (SELECT * FROM identity_decisions WHERE listing_id = k OFFSET 0) AS d
              UNION SELECT d.* FROM unnest($1) AS k CROSS JOIN LATERAL (SELECT * FROM identity_decisions WHERE other_id = k OFFSET 0) AS d) AS d
        CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = d.listing_id LIMIT 1) AS l
        CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = d.other_id LIMIT 1) AS o
        LEFT JOIN LATERAL (
            SELECT agrees FROM price_comparisons WHERE listing_id = d.listing_id AND other_id = d.other_id LIMIT 1) AS p ON true
        WHERE p.agrees IS NOT TRUE AND (d.reason IS NOT NULL OR d.rule NOT IN ('contract', 'override'))
          AND l.quoted_at BETWEEN o.quoted_at - $2 AND o.quoted_at + $2 AND l.price_usd > 0 AND o.price_usd > 0
        """;

    private const string UpsertSql = """
        INSERT INTO price_comparisons (listing_id, other_id, agrees, ratio, measured_at)
        SELECT k.listing_id, k.other_id, k.agrees, k.ratio, $5
        FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::float8[]) AS k (listing_id, other_id, agrees, ratio)
        ON CONFLICT (listing_id, other_id) DO UPDATE SET agrees = excluded.agrees, ratio = excluded.ratio, measured_at = excluded.measured_at
        """;

    /// <summary>Asks what prices said about pairs among these listings; <see cref="ReadAsync"/> takes the answer.</summary>
    public static NpgsqlBatchCommand Select(Guid[] listingIds) =>
        new("""
            SELECT p.listing_id, p.other_id, p.agrees FROM unnest($1) AS k
            CROSS JOIN LATERAL (SELECT * FROM price_comparisons WHERE listing_id = k OFFSET 0) AS p
            """)
        {
            Parameters = { new() { Value = listingIds } },
        };

    /// <summary>The answer to <see cref="Select"/>.</summary>
    public static async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<(Guid ListingId, Guid OtherId), bool> verdicts, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            verdicts.Add((reader.GetGuid(0), reader.GetGuid(1)), reader.GetBoolean(2));
        }
    }

    /// <summary>Compares the prices of listings that were quoted anew with those of what they may be one with, and keeps new verdicts.</summary>
    /// <param name="connection">In the page's transaction, after listings and decisions were written.</param>
    /// <param name="quoted">The listings with new quotes.</param>
    /// <param name="now">The time of the measurement.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns>Listings that identity has to be decided about anew: they are one and should not be, or the other way round.</returns>
    public static async Task<IReadOnlyCollection<Guid>> MeasureAsync(
        NpgsqlConnection connection, Guid[] quoted, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var measured = new List<(Guid ListingId, Guid OtherId, bool Agrees, double Ratio)>();
        var undecided = new HashSet<Guid>();
        await using (var command = new NpgsqlCommand(ComparableSql, connection))
        {
            command.Parameters.Add(new() { Value = quoted });
            command.Parameters.Add(new() { Value = PriceObservation.MaxAge, NpgsqlDbType = NpgsqlDbType.Interval });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var (left, right, before) = (SightOf(reader, 4), SightOf(reader, 8), reader.GetFieldValue<bool?>(3));
                if (left.Compare(right, before) is not { } agrees || agrees == before)
                {
                    continue;
                }

                measured.Add((reader.GetGuid(0), reader.GetGuid(1), agrees, left.RatioTo(right)!.Value));
                var areUnited = reader.GetBoolean(2);
                if (areUnited != agrees)
                {
                    undecided.Add(reader.GetGuid(0));
                    undecided.Add(reader.GetGuid(1));
                }
            }
        }

        if (measured.Count > 0)
        {
            await using var upsert = new NpgsqlCommand(UpsertSql, connection);
            upsert.Parameters.Add(new() { Value = measured.Select(pair => pair.ListingId).ToArray() });
            upsert.Parameters.Add(new() { Value = measured.Select(pair => pair.OtherId).ToArray() });
            upsert.Parameters.Add(new() { Value = measured.Select(pair => pair.Agrees).ToArray() });
            upsert.Parameters.Add(new() { Value = measured.Select(pair => pair.Ratio).ToArray() });
            upsert.Parameters.Add(new() { Value = now, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            await upsert.ExecuteNonQueryAsync(cancellationToken);
        }

        return undecided;
    }

    /// <summary>Forgets what was said about listings that are something else now: renamed, or an id that was given to another coin.</summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("DELETE FROM price_comparisons WHERE listing_id = ANY($1) OR other_id = ANY($1)", connection);
        command.Parameters.Add(new() { Value = listingIds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static PriceObservation SightOf(NpgsqlDataReader row, int from) => new(
        row.GetFieldValue<double?>(from), row.GetFieldValue<double?>(from + 1), row.GetFieldValue<double?>(from + 2),
        row.GetFieldValue<DateTimeOffset?>(from + 3));
}
