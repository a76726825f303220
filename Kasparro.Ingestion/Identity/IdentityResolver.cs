using Kasparro.Data.Catalogue;
using Npgsql;

namespace Kasparro.Ingestion.Identity;

/// <summary>
/// Keeps <see cref="Unification"/> true page by page: decides anew about what the page touches and all that is connected with it, and about
/// nothing else, so the work follows the page's size and not the catalogue's.
/// </summary>
internal sealed class IdentityResolver(OverridesInForce inForce, KnownKeys knownKeys, TimeProvider time)
{
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

        var (prices, before) = await ReadFormerAsync(connection, [.. known.Keys.Where(knownKeys.HasDecisions)], cancellationToken);
        var partition = Unification.Of(known.Values, prices, overrides);
        await DecisionTable.ReplaceAsync(connection, before, partition, time.GetUtcNow(), cancellationToken);
        foreach (var decision in partition.Decisions)
        {
            knownKeys.AddDecisions(decision.Left.ListingId);
        }

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
            // The page knows its own listings better; and who has several of the keys comes several times.
            var rows = await ConnectedTable.ReadAsync(connection, keys, ids, cancellationToken);
            var found = rows.FindAll(row => !known.ContainsKey(row.ListingId) && assets.TryAdd(row.ListingId, row.AssetId));
            contracts = await ContractTable.ReadAsync(connection, [.. found.Select(row => row.ListingId).Where(knownKeys.HasContracts)], cancellationToken);
            foreach (var row in found)
            {
                known.Add(row.ListingId, row.ToIdentity(contracts.GetValueOrDefault(row.ListingId)));
            }

            // What was found has its keys itself: another one is to be looked for only where there are two.
            keys = [.. found.SelectMany(row => known[row.ListingId].Keys()).Where(key => asked.Add(key) && knownKeys.HasTwice(key))];
            ids = [.. overrides.NamedWith(found.Select(row => row.ListingId).ToHashSet())];
            ids.ExceptWith(known.Keys);
        }
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
