using Kasparro.Data;
using Kasparro.Ingestion.Model;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Postgres;

/// <summary>The table <c>price_comparisons</c>.</summary>
internal static class PriceAgreementStore
{
    /// <summary>
    /// Pairs that a name rule unites or would unite, and that prices have not settled. Pairs united by a contract or an override need no
    /// price. LIMIT makes each join an index lookup per pair: the planner has few statistics for tables that have just grown, and would
    /// scan them for each page.
    /// </summary>
    private const string OpenPairsSql = """
        SELECT d.listing_id, d.other_id, d.reason IS NULL, p.agrees,
               l.price_usd, l.market_cap_usd, l.circulating_supply, l.quoted_at,
               o.price_usd, o.market_cap_usd, o.circulating_supply, o.quoted_at
        FROM (SELECT d.* FROM unnest($1) AS k
              CROSS JOIN LATERAL (SELECT * FROM identity_decisions WHERE listing_id = k OFFSET 0) AS d
              UNION SELECT d.* FROM unnest($1) AS k
              CROSS JOIN LATERAL (SELECT * FROM identity_decisions WHERE other_id = k OFFSET 0) AS d) AS d
        LEFT JOIN LATERAL (
            SELECT agrees FROM price_comparisons WHERE listing_id = d.listing_id AND other_id = d.other_id LIMIT 1) AS p ON true
        CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = d.listing_id LIMIT 1) AS l
        CROSS JOIN LATERAL (SELECT * FROM listings WHERE listing_id = d.other_id LIMIT 1) AS o
        WHERE p.agrees IS NOT TRUE AND (d.reason IS NOT NULL OR d.rule NOT IN ('contract', 'override'))
        """;

    private const string UpsertSql = """
        INSERT INTO price_comparisons (listing_id, other_id, agrees, ratio, measured_at)
        SELECT k.listing_id, k.other_id, k.agrees, k.ratio, $5
        FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::float8[]) AS k (listing_id, other_id, agrees, ratio)
        ON CONFLICT (listing_id, other_id) DO UPDATE
        SET agrees = excluded.agrees, ratio = excluded.ratio, measured_at = excluded.measured_at
        """;

    /// <summary>
    /// Selects the price verdicts on pairs whose first listing is one of these; <see cref="ReadAsync"/> reads the result.
    /// </summary>
    public static NpgsqlBatchCommand Select(Guid[] listingIds) =>
        new("""
            SELECT p.listing_id, p.other_id, p.agrees FROM unnest($1) AS k
            CROSS JOIN LATERAL (SELECT * FROM price_comparisons WHERE listing_id = k OFFSET 0) AS p
            """)
        {
            Parameters = { new() { Value = listingIds } },
        };

    /// <summary>Reads the result of <see cref="Select"/>.</summary>
    public static async Task ReadAsync(
        NpgsqlDataReader reader, Dictionary<(Guid ListingId, Guid OtherId), bool> verdicts, CancellationToken cancellationToken)
    {
        while (await reader.ReadAsync(cancellationToken))
        {
            verdicts.Add((reader.GetGuid(0), reader.GetGuid(1)), reader.GetBoolean(2));
        }
    }

    /// <summary>
    /// Reads the pairs with any of these listings that prices can still decide, with both markets as the catalogue has them.
    /// </summary>
    public static async Task<List<OpenPair>> ReadOpenPairsAsync(
        NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(OpenPairsSql, connection) { Parameters = { new() { Value = listingIds } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(
            row => new OpenPair(
                row.GetGuid(0), row.GetGuid(1), row.GetBoolean(2), row.GetFieldValue<bool?>(3), MarketAt(row, 4), MarketAt(row, 8)),
            cancellationToken);
    }

    /// <summary>Stores new verdicts.</summary>
    public static async Task UpsertAsync(
        NpgsqlConnection connection, IReadOnlyCollection<MeasuredPair> measured, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (measured.Count == 0)
        {
            return;
        }

        await using var upsert = new NpgsqlCommand(UpsertSql, connection);
        upsert.Parameters.AddValues(
        [
            Parameters.Column(measured, pair => pair.ListingId, NpgsqlDbType.Uuid),
            Parameters.Column(measured, pair => pair.OtherId, NpgsqlDbType.Uuid),
            Parameters.Column(measured, pair => pair.Agrees, NpgsqlDbType.Boolean),
            Parameters.Column(measured, pair => pair.Ratio, NpgsqlDbType.Double), now,
        ]);
        await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>
    /// Deletes the verdicts on listings that may now be something else: they were renamed, or their id was given to another coin.
    /// </summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "DELETE FROM price_comparisons WHERE listing_id = ANY($1) OR other_id = ANY($1)", connection);
        command.Parameters.AddValues([listingIds]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static PriceObservation MarketAt(NpgsqlDataReader row, int from) => new(
        row.GetFieldValue<double?>(from), row.GetFieldValue<double?>(from + 1), row.GetFieldValue<double?>(from + 2),
        row.GetFieldValue<DateTimeOffset?>(from + 3));
}

/// <summary>Two listings that a rule unites or would unite, and that prices have not settled.</summary>
/// <param name="ListingId">The listing of the source that comes first.</param>
/// <param name="OtherId">The other listing.</param>
/// <param name="AreUnited">Whether they are one asset now.</param>
/// <param name="Agrees">The verdict of prices so far, or null if there is none.</param>
/// <param name="Market">The first listing's market.</param>
/// <param name="OtherMarket">The other listing's market.</param>
internal sealed record OpenPair(
    Guid ListingId, Guid OtherId, bool AreUnited, bool? Agrees, PriceObservation Market, PriceObservation OtherMarket);
