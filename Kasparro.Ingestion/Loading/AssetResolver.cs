using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Keeps <see cref="EntityResolution"/> true page by page: decides anew about what the page touches and all that is connected with it, and about
/// nothing else, so the work follows the page's size and not the catalogue's.
/// </summary>
internal sealed class AssetResolver(NpgsqlDataSource dataSource, EffectiveOverrides inForce, BlockingKeyFilter knownKeys, TimeProvider time)
{
    /// <summary>
    /// Decides about a page's new listings on a connection of its own, while PostgreSQL takes the page's records. Nobody else changes what it reads, since
    /// the page's transaction has proven the fencing token, and that transaction has not begun to.
    /// </summary>
    /// <param name="fencingToken">The token that the page's transaction has proven.</param>
    /// <param name="listings">The listings, as soon as they are known; null where the page names contracts, which are to be written before.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    /// <returns>What to do; null where the listings are.</returns>
    public async Task<ResolutionPlan?> LookAheadAsync(
        long fencingToken, Task<IReadOnlyCollection<PageListing>?> listings, CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FencedTransaction.PlanByIndexAsync(connection, cancellationToken);
        return await listings is { } known
            ? await DecideAsync(connection, fencingToken, known, formerKeys: [], moved: [], others: [], cancellationToken)
            : null;
    }

    /// <summary>
    /// Sets <see cref="Listing.AssetId"/> of the page's listings, and records why. Contracts must have been written before.
    /// </summary>
    /// <param name="connection">In the page's transaction, opened by <see cref="FencedTransaction"/>: what is prepared here is planned once for a connection.</param>
    /// <param name="fencingToken">The token that the transaction has proven.</param>
    /// <param name="listings">New listings, and those whose symbol, name or activity changed, as they will be.</param>
    /// <param name="formerKeys">Keys that a listing had before and may have no more.</param>
    /// <param name="moved">Contracts that were added or taken away.</param>
    /// <param name="others">Other listings to decide about anew: their contracts or overrides changed.</param>
    /// <param name="cancellationToken">Cancels the queries.</param>
    public async Task<ResolutionOutcome> ResolveAsync(
        NpgsqlConnection connection,
        long fencingToken,
        IReadOnlyCollection<PageListing> listings,
        IEnumerable<BlockingKey> formerKeys,
        IReadOnlyCollection<(Guid ListingId, TokenContract Contract)> moved,
        IReadOnlyCollection<Guid> others,
        CancellationToken cancellationToken)
    {
        var plan = await DecideAsync(connection, fencingToken, listings, formerKeys, moved, others, cancellationToken);
        return await ApplyAsync(connection, plan, cancellationToken);
    }

    /// <summary>Does what was decided: sets <see cref="Listing.AssetId"/> of the page's listings, and records why.</summary>
    public async Task<ResolutionOutcome> ApplyAsync(NpgsqlConnection connection, ResolutionPlan plan, CancellationToken cancellationToken)
    {
        var partition = plan.Partition;
        var wanted = partition.Decisions.ToDictionary(
            decision => (decision.Left.ListingId, decision.Right.ListingId),
            decision => new StoredMatchDecision(
                decision.Unites ? partition.Assets[decision.Left.ListingId] : null,
                decision.Rule,
                decision.Reason,
                decision.Confidence,
                [.. decision.Evidence]));
        await MatchDecisionStore.ReplaceAsync(connection, plan.Former, wanted, time.GetUtcNow(), cancellationToken);
        foreach (var decision in partition.Decisions)
        {
            knownKeys.AddDecisions(decision.Left.ListingId);
        }

        foreach (var (listing, _, _) in plan.Listings)
        {
            listing.AssetId = partition.Assets.GetValueOrDefault(listing.ListingId, listing.ListingId);
        }

        return new(
            [.. plan.Assets.Where(was => partition.Assets[was.Key] != was.Value).Select(was => new Reassignment(was.Key, was.Value, partition.Assets[was.Key]))],
            partition.Decisions.SelectMany(decision => new[] { decision.Left.ListingId, decision.Right.ListingId }).ToHashSet());
    }

    private async Task<ResolutionPlan> DecideAsync(
        NpgsqlConnection connection,
        long fencingToken,
        IReadOnlyCollection<PageListing> listings,
        IEnumerable<BlockingKey> formerKeys,
        IReadOnlyCollection<(Guid ListingId, TokenContract Contract)> moved,
        IReadOnlyCollection<Guid> others,
        CancellationToken cancellationToken)
    {
        await knownKeys.EnsureAsync(fencingToken, cancellationToken);
        foreach (var (listingId, contract) in moved)
        {
            knownKeys.Add(listingId, contract);
        }

        var overrides = inForce.Current;
        var view = new CandidateSet(connection, knownKeys);
        await ReadConnectedAsync(view, overrides, listings, formerKeys.Concat(moved.Select(row => BlockingKey.From(row.Contract))), others, cancellationToken);
        return new(listings, view.Assets, view.Decisions, EntityResolution.Resolve(view.Listings.Values, view.Prices, overrides));
    }

    /// <summary>
    /// Reads what is known of the page's listings and what is connected with them, then what is connected with that, until nothing new comes. Keys that
    /// nobody else has are not looked for, and a new listing that has no others stays out of it all: it is an asset of its own.
    /// </summary>
    private async Task ReadConnectedAsync(
        CandidateSet view,
        MatchOverrides overrides,
        IReadOnlyCollection<PageListing> listings,
        IEnumerable<BlockingKey> formerKeys,
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

        // All of them are known of the page's own listings; who else has one has it a second time.
        var asked = formerKeys.Where(knownKeys.MayBeShared).ToHashSet();
        var inPage = listings.Select(listing => listing.Listing.ListingId).ToHashSet();
        var contracts = await view.ReadDetailsAsync(inPage, cancellationToken);
        foreach (var listing in listings)
        {
            var id = listing.Listing.ListingId;
            var identity = listing.ToIdentity(contracts.GetValueOrDefault(id));
            var connects = false;
            foreach (var key in identity.Keys().Where(knownKeys.MayBeShared))
            {
                asked.Add(key);
                connects = true;
            }

            if (!listing.IsNew || connects || overrides.Names(id))
            {
                view.Listings.Add(id, identity);
            }
        }

        List<BlockingKey> keys = [.. asked];
        HashSet<Guid> ids = [.. others, .. overrides.NamedWith(inPage)];
        ids.ExceptWith(inPage);

        while (keys.Count + ids.Count > 0)
        {
            var found = await view.ReadConnectedAsync(keys, ids, cancellationToken);

            // What was found has its keys itself: another one is to be looked for only where there are two.
            keys = [.. found.SelectMany(listing => listing.Keys()).Where(key => asked.Add(key) && knownKeys.MayBeShared(key))];
            ids = [.. overrides.NamedWith(found.Select(listing => listing.ListingId).ToHashSet())];
            ids.ExceptWith(view.Listings.Keys);
        }
    }
}

/// <summary>A listing of a page, as it will be.</summary>
/// <param name="Listing">The listing.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="IsNew">Whether the catalogue does not know it yet.</param>
internal readonly record struct PageListing(Listing Listing, ListingTraits Traits, bool IsNew)
{
    public CandidateListing ToIdentity(IReadOnlySet<TokenContract>? contracts) => new(
        Listing.ListingId, Listing.Source, Listing.ExternalId, Listing.Symbol, Listing.Name, Listing.IsActive, Listing.CreatedAt, contracts, Traits);
}

/// <summary>What was decided, and is not written yet.</summary>
/// <param name="Listings">The page's.</param>
/// <param name="Assets">The assets that listings outside the page have, of those that were decided about.</param>
/// <param name="Former">What was decided about all of them before.</param>
/// <param name="Partition">What is decided now.</param>
internal sealed record ResolutionPlan(
    IReadOnlyCollection<PageListing> Listings,
    IReadOnlyDictionary<Guid, Guid> Assets,
    IReadOnlyDictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> Former,
    Clustering Partition);

/// <summary>What became of a resolution.</summary>
/// <param name="Reassigned">Listings outside the page whose asset changes because of it.</param>
/// <param name="Paired">The listings that something was decided about; all others stand alone.</param>
internal sealed record ResolutionOutcome(IReadOnlyList<Reassignment> Reassigned, IReadOnlySet<Guid> Paired)
{
    /// <summary>Of nothing.</summary>
    public static ResolutionOutcome None { get; } = new([], new HashSet<Guid>());
}
