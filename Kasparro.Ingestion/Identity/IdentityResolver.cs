using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Identity;

/// <summary>
/// Resolves identity for one page: re-decides the match keys that the page touches, and only those, so the work follows the page's size and
/// not the catalogue's.
/// </summary>
internal static class IdentityResolver
{
    /// <summary>
    /// Sets <see cref="Listing.AssetId"/> of the page's new and changed listings.
    /// </summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="listings">The page's new and changed listings as they will be.</param>
    /// <param name="formerKeys">Match keys that changed listings had before.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    /// <returns>Listings outside the page whose asset changes because of it.</returns>
    public static async Task<IReadOnlyList<Reassignment>> ResolveAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<Listing> listings,
        IEnumerable<string> formerKeys,
        CancellationToken cancellationToken)
    {
        var inPage = new Dictionary<Guid, Listing>(listings.Count);
        var groups = new Dictionary<string, List<Candidate>>(StringComparer.Ordinal);
        foreach (var key in formerKeys)
        {
            groups.TryAdd(key, []);
        }

        foreach (var listing in listings)
        {
            inPage.Add(listing.ListingId, listing);
            if (listing.MatchKey is null)
            {
                listing.AssetId = listing.ListingId; // Nothing to match by: an asset of its own.
                continue;
            }

            if (!groups.TryGetValue(listing.MatchKey, out var group))
            {
                groups.Add(listing.MatchKey, group = []);
            }

            group.Add(new(listing.ListingId, listing.Source, listing.ExternalId, listing.CreatedAt));
        }

        var assets = await ReadOthersAsync(connection, groups, inPage, cancellationToken);

        var reassigned = new List<Reassignment>();
        foreach (var group in groups.Values)
        {
            foreach (var (listingId, assetId) in IdentityRules.Decide(group))
            {
                if (inPage.TryGetValue(listingId, out var listing))
                {
                    listing.AssetId = assetId;
                }
                else if (assets[listingId] != assetId)
                {
                    reassigned.Add(new(listingId, assets[listingId], assetId));
                }
            }
        }

        return reassigned;
    }

    /// <summary>Adds the catalogue's listings with the same keys to the groups; returns the assets they have now.</summary>
    private static async Task<Dictionary<Guid, Guid>> ReadOthersAsync(
        NpgsqlConnection connection,
        Dictionary<string, List<Candidate>> groups,
        Dictionary<Guid, Listing> inPage,
        CancellationToken cancellationToken)
    {
        var assets = new Dictionary<Guid, Guid>();
        if (groups.Count == 0)
        {
            return assets;
        }

        await using var command = new NpgsqlCommand(
            "SELECT listing_id, source, external_id, created_at, match_key, asset_id FROM listings WHERE match_key = ANY($1)", connection);
        command.Parameters.Add(new() { Value = groups.Keys.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var listingId = reader.GetGuid(0);
            if (inPage.ContainsKey(listingId))
            {
                continue; // The page knows better.
            }

            var createdAt = await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellationToken);
            groups[reader.GetString(4)].Add(new(listingId, reader.GetString(1), reader.GetString(2), createdAt));
            assets.Add(listingId, reader.GetGuid(5));
        }

        return assets;
    }
}

/// <summary>A listing outside the page whose asset changes.</summary>
internal readonly record struct Reassignment(Guid ListingId, Guid FormerAssetId, Guid AssetId);
