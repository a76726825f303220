using Kasparro.Data.Catalogue;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Identity;

/// <summary>
/// Keeps <see cref="Unification"/> true page by page: decides anew about what the page touches and all that is connected with it, and about
/// nothing else, so the work follows the page's size and not the catalogue's.
/// </summary>
internal sealed class IdentityResolver(OverridesInForce inForce, KnownKeys knownKeys, TimeProvider time)
{
    // OFFSET 0 makes it one look into an index for each key, whatever the planner knows of the table. Given an array to compare a column with,
    // it would compare each element with all the column's most common values, to guess how many rows come: longer than it takes to read them.
    private const string ConnectedSql = """
        SELECT l.listing_id, l.source, l.external_id, l.symbol, l.name, l.is_active, l.created_at, l.asset_id,
               c.platforms, c.addresses
        FROM listings l
        LEFT JOIN LATERAL (
            SELECT array_agg(p.platform) AS platforms, array_agg(p.address) AS addresses
            FROM asset_platforms p WHERE p.listing_id = l.listing_id) AS c ON true
        WHERE l.listing_id = ANY(ARRAY(
            SELECT l.listing_id FROM unnest($1::text[]) AS k CROSS JOIN LATERAL (SELECT listing_id FROM listings WHERE match_key = k OFFSET 0) AS l
            UNION SELECT l.listing_id FROM unnest($2::text[]) AS k CROSS JOIN LATERAL (SELECT listing_id FROM listings WHERE slug_key = k OFFSET 0) AS l
            UNION SELECT l.listing_id FROM unnest($3::text[]) AS k CROSS JOIN LATERAL (SELECT listing_id FROM listings WHERE name_key = k OFFSET 0) AS l
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
    /// <param name="fencingToken">The token that the transaction has proven.</param>
    /// <param name="listings">New listings, and those whose symbol, name or activity changed, as they will be.</param>
    /// <param name="formerKeys">Keys that a listing had before and may have no more.</param>
    /// <param name="moved">Contracts that were added or taken away.</param>
    /// <param name="others">Other listings to decide about anew: their contracts or overrides changed.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public async Task<IdentityResolution> ResolveAsync(
        NpgsqlConnection connection,
        long fencingToken,
        IReadOnlyCollection<PageListing> listings,
        IEnumerable<IdentityKey> formerKeys,
        IReadOnlyCollection<(Guid ListingId, Contract Contract)> moved,
        IReadOnlyCollection<Guid> others,
        CancellationToken cancellationToken)
    {
        await knownKeys.EnsureAsync(fencingToken, cancellationToken);
        foreach (var (listingId, contract) in moved)
        {
            knownKeys.Add(listingId, contract);
        }

        formerKeys = formerKeys.Concat(moved.Select(row => IdentityKey.Of(row.Contract)));
        var overrides = inForce.Current;
        var known = new Dictionary<Guid, IdentityListing>(listings.Count);
        var assets = new Dictionary<Guid, Guid>();
        await ReadConnectedAsync(connection, overrides, listings, known, assets, formerKeys, others, cancellationToken);

        // Nothing can have been said or decided about a listing that is new.
        Guid[] former = [.. known.Keys.Except(listings.Where(listing => listing.IsNew).Select(listing => listing.Listing.ListingId))];
        var (prices, before) = await ReadFormerAsync(connection, former, cancellationToken);
        var partition = Unification.Of(known.Values, prices, overrides);
        await DecisionTable.ReplaceAsync(connection, before, partition, time.GetUtcNow(), cancellationToken);

        foreach (var (listing, _, _) in listings)
        {
            listing.AssetId = partition.Assets.GetValueOrDefault(listing.ListingId, listing.ListingId);
        }

        return new(
            [.. assets.Where(was => partition.Assets[was.Key] != was.Value).Select(was => new Reassignment(was.Key, was.Value, partition.Assets[was.Key]))],
            partition.Decisions.SelectMany(decision => new[] { decision.Left.ListingId, decision.Right.ListingId }).ToHashSet());
    }

    /// <summary>
    /// Reads the page's contracts and what is connected with its listings, then what is connected with that, until nothing new comes. Keys that
    /// nobody else has are not looked for, and a new listing that has no others stays out of it all: it is an asset of its own.
    /// </summary>
    private async Task ReadConnectedAsync(
        NpgsqlConnection connection,
        IdentityOverrides overrides,
        IReadOnlyCollection<PageListing> listings,
        Dictionary<Guid, IdentityListing> known,
        Dictionary<Guid, Guid> assets,
        IEnumerable<IdentityKey> formerKeys,
        IReadOnlyCollection<Guid> others,
        CancellationToken cancellationToken)
    {
        foreach (var (listing, traits, isNew) in listings)
        {
            foreach (var key in traits.Keys())
            {
                knownKeys.Add(key);
            }

            if (isNew)
            {
                knownKeys.Add(listing.ListingId);
            }
        }

        var inPage = listings.Select(listing => listing.Listing.ListingId).ToHashSet();
        var contracts = await ContractTable.ReadAsync(connection, [.. inPage.Where(knownKeys.HasContracts)], cancellationToken);
        foreach (var listing in listings)
        {
            var id = listing.Listing.ListingId;
            if (!listing.IsNew || contracts.ContainsKey(id) || overrides.Names(id) || listing.Traits.Keys().Any(knownKeys.HasTwice))
            {
                known.Add(id, listing.ToIdentity(contracts.GetValueOrDefault(id)));
            }
        }

        // All of them are known of the page's own listings; who else has one has it a second time.
        var asked = formerKeys.Concat(known.Values.SelectMany(listing => listing.Keys())).Where(knownKeys.HasTwice).ToHashSet();
        List<IdentityKey> keys = [.. asked];
        HashSet<Guid> ids = [.. others, .. overrides.NamedWith(inPage)];
        ids.ExceptWith(inPage);

        while (keys.Count + ids.Count > 0)
        {
            var found = new List<IdentityListing>();
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { SelectConnected(keys, ids, except: known.Keys) } };
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var listing = ReadListing(reader);
                known.Add(listing.ListingId, listing);
                assets.Add(listing.ListingId, reader.GetGuid(7));
                found.Add(listing);
            }

            // What was found has its keys itself: another one is to be looked for only where there are two.
            keys = [.. found.SelectMany(listing => listing.Keys()).Where(key => asked.Add(key) && knownKeys.HasTwice(key))];
            ids = [.. overrides.NamedWith(found.Select(listing => listing.ListingId).ToHashSet())];
            ids.ExceptWith(known.Keys);
        }
    }

    /// <param name="keys">Keys to look for.</param>
    /// <param name="ids">Listings to read in any case.</param>
    /// <param name="except">Listings that the caller knows better.</param>
    private static NpgsqlBatchCommand SelectConnected(
        IReadOnlyCollection<IdentityKey> keys, IReadOnlyCollection<Guid> ids, IReadOnlyCollection<Guid> except)
    {
        var contracts = Of(IdentityKeyKind.Contract).Select(key => key.Split('\n', 2)).ToArray();
        return new(ConnectedSql)
        {
            Parameters =
            {
                Texts(Of(IdentityKeyKind.Match)),
                Texts(Of(IdentityKeyKind.Slug)),
                Texts(Of(IdentityKeyKind.Name)),
                Texts(contracts.Select(contract => contract[0])),
                Texts(contracts.Select(contract => contract[1])),
                new() { Value = ids.ToArray() },
                new() { Value = except.ToArray() },
            },
        };

        IEnumerable<string> Of(IdentityKeyKind kind) => keys.Where(key => key.Kind == kind).Select(key => key.Value);

        static NpgsqlParameter Texts(IEnumerable<string> values) =>
            new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
    }

    /// <summary>Reads what prices said of known listings, and what was decided about them.</summary>
    private static async Task<(PriceVerdicts Prices, Dictionary<(Guid ListingId, Guid OtherId), DecisionRow> Decisions)> ReadFormerAsync(
        NpgsqlConnection connection, Guid[] listingIds, CancellationToken cancellationToken)
    {
        if (listingIds.Length == 0)
        {
            return (PriceVerdicts.None, []);
        }

        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { PriceTable.Select(listingIds), DecisionTable.Select(listingIds) } };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var prices = await PriceTable.ReadAsync(reader, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        return (prices, await DecisionTable.ReadAsync(reader, cancellationToken));
    }

    internal static IdentityListing ReadListing(NpgsqlDataReader reader)
    {
        HashSet<Contract>? contracts = null;
        if (!reader.IsDBNull(8))
        {
            var (platforms, addresses) = (reader.GetFieldValue<string[]>(8), reader.GetFieldValue<string[]>(9));
            contracts = [.. platforms.Zip(addresses, (platform, address) => new Contract(platform, address))];
        }

        return new(
            reader.GetGuid(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.GetString(4),
            reader.GetBoolean(5),
            reader.GetFieldValue<DateTimeOffset>(6),
            contracts);
    }
}

/// <summary>A listing of a page, as it will be.</summary>
/// <param name="Listing">The listing.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="IsNew">Whether the catalogue does not know it yet.</param>
internal readonly record struct PageListing(Listing Listing, ListingTraits Traits, bool IsNew)
{
    public IdentityListing ToIdentity(IReadOnlySet<Contract>? contracts) => new(
        Listing.ListingId, Listing.Source, Listing.ExternalId, Listing.Symbol, Listing.Name, Listing.IsActive, Listing.CreatedAt, contracts, Traits);
}

/// <summary>What became of a resolution.</summary>
/// <param name="Reassigned">Listings outside the page whose asset changes because of it.</param>
/// <param name="Paired">The listings that something was decided about; all others stand alone.</param>
internal sealed record IdentityResolution(IReadOnlyList<Reassignment> Reassigned, IReadOnlySet<Guid> Paired)
{
    /// <summary>Of nothing.</summary>
    public static IdentityResolution None { get; } = new([], new HashSet<Guid>());
}

/// <summary>A listing outside the page whose asset changes.</summary>
internal readonly record struct Reassignment(Guid ListingId, Guid FormerAssetId, Guid AssetId);
