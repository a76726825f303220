using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Identity;

/// <summary>
/// Keeps <see cref="Unification"/> true page by page: decides anew about what the page touches and all that is connected with it, and about
/// nothing else, so the work follows the page's size and not the catalogue's.
/// </summary>
internal sealed class IdentityResolver(OverridesInForce inForce, TimeProvider time)
{
    // OFFSET 0 makes it one look into the index for each contract, whatever the planner knew of the table when it made the plan.
    private const string ReadSql = """
        SELECT l.listing_id, l.source, l.external_id, l.symbol, l.name, l.is_active, l.created_at, l.asset_id,
               c.platforms, c.addresses
        FROM listings l
        LEFT JOIN LATERAL (
            SELECT array_agg(p.platform) AS platforms, array_agg(p.address) AS addresses
            FROM asset_platforms p WHERE p.listing_id = l.listing_id) AS c ON true
        WHERE l.listing_id = ANY(ARRAY(
            SELECT listing_id FROM listings WHERE match_key = ANY($1)
            UNION SELECT listing_id FROM listings WHERE slug_key = ANY($2)
            UNION SELECT listing_id FROM listings WHERE name_key = ANY($3)
            UNION SELECT p.listing_id FROM unnest($4::text[], $5::text[]) AS k (platform, address)
                  CROSS JOIN LATERAL (SELECT listing_id FROM asset_platforms
                                      WHERE address = k.address AND platform = k.platform OFFSET 0) AS p
            UNION SELECT unnest($6::uuid[])
            EXCEPT SELECT unnest($7::uuid[])))
        """;

    /// <summary>
    /// Sets <see cref="Listing.AssetId"/> of the page's listings, and records why. Contracts must have been written before.
    /// </summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="listings">New listings, and those whose symbol, name or activity changed, as they will be.</param>
    /// <param name="formerKeys">Keys that a listing had before and may have no more.</param>
    /// <param name="others">Other listings to decide about anew: their contracts or overrides changed.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    /// <returns>Listings outside the page whose asset changes because of it.</returns>
    public async Task<IReadOnlyList<Reassignment>> ResolveAsync(
        NpgsqlConnection connection,
        IReadOnlyCollection<Listing> listings,
        IEnumerable<IdentityKey> formerKeys,
        IReadOnlyCollection<Guid> others,
        CancellationToken cancellationToken)
    {
        var overrides = inForce.Current;
        var inPage = listings.ToDictionary(listing => listing.ListingId);
        var known = new Dictionary<Guid, IdentityListing>(inPage.Count);
        var assets = new Dictionary<Guid, Guid>();
        var contracts = await ContractTable.ReadAsync(connection, [.. inPage.Keys], cancellationToken);
        foreach (var listing in listings)
        {
            known.Add(listing.ListingId, new(
                listing.ListingId, listing.Source, listing.ExternalId, listing.Symbol, listing.Name, listing.IsActive, listing.CreatedAt,
                contracts.GetValueOrDefault(listing.ListingId)));
        }

        await ReadConnectedAsync(connection, overrides, known, assets, formerKeys, others, cancellationToken);
        var prices = await PriceTable.ReadAsync(connection, [.. known.Keys], cancellationToken);
        var partition = Unification.Of(known.Values, prices, overrides);
        await DecisionTable.ReplaceAsync(connection, known.Keys, partition, time.GetUtcNow(), cancellationToken);

        var reassigned = new List<Reassignment>();
        foreach (var (listingId, assetId) in partition.Assets)
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

        return reassigned;
    }

    /// <summary>Reads what is connected with the known listings, then what is connected with that, until nothing new comes: two rounds mostly.</summary>
    private static async Task ReadConnectedAsync(
        NpgsqlConnection connection,
        IdentityOverrides overrides,
        Dictionary<Guid, IdentityListing> known,
        Dictionary<Guid, Guid> assets,
        IEnumerable<IdentityKey> formerKeys,
        IReadOnlyCollection<Guid> others,
        CancellationToken cancellationToken)
    {
        var asked = new HashSet<IdentityKey>();
        var keys = formerKeys.Concat(known.Values.SelectMany(listing => listing.Keys())).Where(asked.Add).ToList();
        HashSet<Guid> ids = [.. others, .. overrides.NamedWith(known.Keys.ToHashSet())];
        ids.ExceptWith(known.Keys);
        while (keys.Count + ids.Count > 0)
        {
            var found = new List<IdentityListing>();
            await using (var command = new NpgsqlCommand(ReadSql, connection))
            {
                command.Parameters.Add(Texts(Of(IdentityKeyKind.Match)));
                command.Parameters.Add(Texts(Of(IdentityKeyKind.Slug)));
                command.Parameters.Add(Texts(Of(IdentityKeyKind.Name)));
                var asContracts = Of(IdentityKeyKind.Contract).Select(key => key.Split('\n', 2)).ToArray();
                command.Parameters.Add(Texts(asContracts.Select(contract => contract[0])));
                command.Parameters.Add(Texts(asContracts.Select(contract => contract[1])));
                command.Parameters.Add(new() { Value = ids.ToArray() });
                command.Parameters.Add(new() { Value = known.Keys.ToArray() }); // The page knows its own listings better.
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    var listing = await ReadListingAsync(reader, cancellationToken);
                    known.Add(listing.ListingId, listing);
                    assets.Add(listing.ListingId, reader.GetGuid(7));
                    found.Add(listing);
                }
            }

            keys = found.SelectMany(listing => listing.Keys()).Where(asked.Add).ToList();
            ids = [.. overrides.NamedWith(found.Select(listing => listing.ListingId).ToHashSet())];
            ids.ExceptWith(known.Keys);
        }

        IEnumerable<string> Of(IdentityKeyKind kind) => keys.Where(key => key.Kind == kind).Select(key => key.Value);

        static NpgsqlParameter Texts(IEnumerable<string> values) =>
            new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    }

    internal static async Task<IdentityListing> ReadListingAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        HashSet<Contract>? contracts = null;
        if (!await reader.IsDBNullAsync(8, cancellationToken))
        {
            var platforms = await reader.GetFieldValueAsync<string[]>(8, cancellationToken);
            var addresses = await reader.GetFieldValueAsync<string[]>(9, cancellationToken);
            contracts = [.. platforms.Zip(addresses, (platform, address) => new Contract(platform, address))];
        }

        return new(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetBoolean(5),
            await reader.GetFieldValueAsync<DateTimeOffset>(6, cancellationToken),
            contracts);
    }
}

/// <summary>A listing outside the page whose asset changes.</summary>
internal readonly record struct Reassignment(Guid ListingId, Guid FormerAssetId, Guid AssetId);
