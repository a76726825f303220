using Kasparro.Api.Postgres;
using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Identity;

/// <summary>Stores operators' overrides for pairs of listings. Rows are only ever added, so that the history remains readable.</summary>
internal sealed class OverrideStore(NpgsqlDataSource catalogue, CatalogueDeadline deadline, TimeProvider time)
{
    /// <summary>
    /// Reads overrides both as the worker applied them and as operators want them; the two may differ until the next ingestion.
    /// </summary>
    private const string ReadSql = """
        SELECT listing_id, other_id, a.origin, a.is_same, n.is_same, n.reason, n.changed_by, n.changed_at
        FROM identity_overrides a
        FULL JOIN (SELECT DISTINCT ON (listing_id, other_id) * FROM identity_override_changes
                   WHERE $1::uuid IS NULL OR (listing_id = $1 AND other_id = $2)
                   ORDER BY listing_id, other_id, change_id DESC) AS n USING (listing_id, other_id)
        WHERE ($1::uuid IS NULL OR (listing_id = $1 AND other_id = $2)) AND (a.origin IS NOT NULL OR n.is_same IS NOT NULL)
        ORDER BY listing_id, other_id
        """;

    private const string InsertSql = """
        INSERT INTO identity_override_changes (listing_id, other_id, is_same, reason, changed_by, changed_at, request_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """;

    private const string ListedSql = "SELECT count(*) FROM listings WHERE listing_id IN ($1, $2)";

    /// <summary>Reads all overrides, or those of one pair.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<List<OverrideResponse>> ReadAsync(ListingPair? pair, CancellationToken cancellationToken) => deadline.RunAsync(
        token => catalogue.QueryAsync(
            ReadSql,
            [NullableParameters.From(pair?.ListingId, NpgsqlDbType.Uuid), NullableParameters.From(pair?.OtherId, NpgsqlDbType.Uuid)],
            ReadOverride,
            token),
        cancellationToken);

    /// <summary>Determines whether both listings exist; an override for a mistyped id would silently have no effect.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<bool> AreListedAsync(ListingPair pair, CancellationToken cancellationToken) => deadline.RunAsync(
        async token =>
        {
            await using var command = catalogue.CreateCommand(ListedSql);
            command.Parameters.AddValues([pair.ListingId, pair.OtherId]);
            return (long)(await command.ExecuteScalarAsync(token))! == 2;
        },
        cancellationToken);

    /// <summary>
    /// Adds an operator's override; <paramref name="isSame"/> and <paramref name="reason"/> are null if an override is withdrawn.
    /// </summary>
    /// <exception cref="CatalogueUnavailableException">Postgres is unavailable. Whether the override was added is not known; adding it
    /// again does no harm.</exception>
    public async Task AddAsync(
        ListingPair pair, bool? isSame, string? reason, string changedBy, string requestId, CancellationToken cancellationToken)
    {
        await using var command = catalogue.CreateCommand(InsertSql);
        command.Parameters.AddValues(
        [
            pair.ListingId, pair.OtherId, NullableParameters.From(isSame, NpgsqlDbType.Boolean), NullableParameters.Text(reason),
            changedBy, time.GetUtcNow(), requestId,
        ]);
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && CatalogueUnavailableException.IsMeantBy(exception))
        {
            throw new CatalogueUnavailableException(exception);
        }
    }

    private static OverrideResponse ReadOverride(NpgsqlDataReader row)
    {
        var (listingId, otherId) = (row.GetGuid(0), row.GetGuid(1));
        var applied = row.GetFieldValue<bool?>(3);
        if (!row.IsDBNull(2) && row.GetString(2) == IdentityOverride.FromFile)
        {
            return new(listingId, otherId, applied, IdentityOverride.FromFile, Applied: true, Reason: null, ChangedBy: null,
                ChangedAt: null);
        }

        var wanted = row.GetFieldValue<bool?>(4);
        return new(
            listingId, otherId, wanted, IdentityOverride.FromOperator, applied == wanted, row.GetStringOrNull(5), row.GetStringOrNull(6),
            row.GetFieldValue<DateTime?>(7));
    }
}
