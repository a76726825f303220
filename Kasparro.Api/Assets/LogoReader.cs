using Kasparro.Api.Postgres;
using Kasparro.Data;
using Npgsql;

namespace Kasparro.Api.Assets;

/// <summary>Reads the logos that the worker has fetched.</summary>
internal sealed class LogoReader(NpgsqlDataSource catalogue, CatalogueDeadline deadline)
{
    // If several listings have a logo, prefers active ones, then the best rank.
    private const string LogoSql = """
        SELECT g.content_type, g.content, g.fetched_at FROM listings l JOIN logos g ON g.listing_id = l.listing_id
        WHERE l.asset_id = $1 AND g.content_type IS NOT NULL ORDER BY NOT l.is_active, l.rank NULLS LAST, l.listing_id LIMIT 1
        """;

    /// <summary>Returns the SQL expression for whether the asset of a row has a logo.</summary>
    /// <param name="row">The row's alias; it has the column asset_id.</param>
    internal static string IsKnownSql(string row) => $"""
        EXISTS (SELECT FROM listings pictured JOIN logos ON logos.listing_id = pictured.listing_id
                WHERE pictured.asset_id = {row}.asset_id AND logos.content_type IS NOT NULL)
        """;

    /// <summary>Reads an asset's logo, or where its id is redirected; both are null if there is neither.</summary>
    /// <exception cref="CatalogueUnavailableException">Postgres does not respond in time.</exception>
    public Task<(AssetLogo? Logo, AssetMoved? Moved)> ReadAsync(Guid assetId, CancellationToken cancellationToken) =>
        deadline.RunAsync(
            async token =>
            {
                await using var connection = await catalogue.OpenConnectionAsync(token);
                await using var batch = connection.CreateSnapshot(
                    new NpgsqlBatchCommand(LogoSql).With([assetId]), new NpgsqlBatchCommand(AssetReader.MovedSql).With([assetId]));
                await using var reader = await batch.ExecuteReaderAsync(token);
                var logo = await reader.ReadAsync(token)
                    ? new AssetLogo(reader.GetString(0), reader.GetFieldValue<byte[]>(1), reader.GetFieldValue<DateTimeOffset>(2))
                    : null;
                await reader.NextResultAsync(token);
                return (logo, await reader.ReadAsync(token) ? AssetReader.ReadMoved(reader) : null);
            },
            cancellationToken);
}

/// <summary>An image as its source sent it, with the time when it was fetched.</summary>
internal sealed record AssetLogo(string ContentType, byte[] Content, DateTimeOffset FetchedAt);
