using Kasparro.Api.Assets;
using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Api.Identity;

/// <summary>Reads the pairs of listings that entity resolution refused to unite, page by page.</summary>
internal sealed class ConflictReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    // In the order of the index. The condition on the confidence is separate, since a row value cannot mix directions.
    private const string Sql = """
        SELECT d.listing_id, l.asset_id, l.source, l.external_id, l.symbol, l.name, l.is_active,
               d.other_id, o.asset_id, o.source, o.external_id, o.symbol, o.name, o.is_active,
               d.rule, d.reason, d.confidence, d.evidence, d.decided_at
        FROM identity_decisions d
        JOIN listings l ON l.listing_id = d.listing_id
        JOIN listings o ON o.listing_id = d.other_id
        WHERE d.reason IS NOT NULL
          AND ($2::float8 IS NULL OR (d.confidence <= $2 AND (d.confidence < $2 OR (d.listing_id, d.other_id) > ($3::uuid, $4::uuid))))
          AND ($5::text IS NULL OR d.reason = $5)
        ORDER BY d.confidence DESC, d.listing_id, d.other_id
        LIMIT $1
        """;

    /// <summary>Reads a page.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public async Task<ConflictPage> ReadAsync(ConflictsRequest request, CancellationToken cancellationToken)
    {
        var conflicts = await deadline.RunAsync(
            token => catalogue.QueryAsync(
                Sql,
                [
                    request.Limit + 1, NullableParameters.From(request.Cursor?.Confidence, NpgsqlDbType.Double),
                    NullableParameters.From(request.Cursor?.ListingId, NpgsqlDbType.Uuid),
                    NullableParameters.From(request.Cursor?.OtherId, NpgsqlDbType.Uuid), NullableParameters.Text(request.Reason),
                ],
                ReadConflict,
                token),
            cancellationToken);
        var page = conflicts.Take(request.Limit).ToList();
        return new(page, conflicts.Count > page.Count ? CursorAfter(page[^1]).ToString() : null);
    }

    private static ConflictCursor CursorAfter(Conflict last) => new(last.Confidence, last.Listing.ListingId, last.Other.ListingId);

    private static Conflict ReadConflict(NpgsqlDataReader row) => new(
        ReadListing(row, 0), ReadListing(row, 7), row.GetString(14), row.GetString(15), row.GetDouble(16),
        AssetReader.ReadEvidence(row, 17), row.GetDateTime(18));

    private static ListingReference ReadListing(NpgsqlDataReader row, int from) => new(
        row.GetGuid(from), row.GetGuid(from + 1), row.GetString(from + 2), row.GetString(from + 3), row.GetString(from + 4),
        row.GetString(from + 5), row.GetBoolean(from + 6));
}
