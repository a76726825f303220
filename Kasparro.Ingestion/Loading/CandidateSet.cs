using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>The listings that one resolution decides about: those of the page, and all that is connected with them.</summary>
/// <param name="connection">In a <see cref="FencedTransaction"/> that plans by index: what is prepared here is planned once for a
/// connection.</param>
internal sealed class CandidateSet(NpgsqlConnection connection)
{
    private readonly Dictionary<(Guid ListingId, Guid OtherId), bool> _prices = [];

    /// <summary>The listings.</summary>
    public Dictionary<Guid, CandidateListing> Listings { get; } = [];

    /// <summary>The assets of those that the page does not change.</summary>
    public Dictionary<Guid, Guid> Assets { get; } = [];

    /// <summary>What was decided about them before.</summary>
    public Dictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> Decisions { get; } = [];

    /// <summary>What prices said about them.</summary>
    public PriceAgreement Prices => _prices.Count == 0 ? PriceAgreement.None : new(_prices);

    /// <summary>Reads what the page's listings are connected with, and what that is connected with, until nothing new comes.</summary>
    public async Task ReadAsync(PageChangeSet changes, MatchOverrides overrides, CancellationToken cancellationToken)
    {
        // Of a new listing nothing was decided yet, but its contracts may have come before it.
        var contracts = await ReadDetailsAsync(
            [.. changes.Reidentified.Select(listing => listing.Listing.ListingId)],
            [.. changes.Reidentified.Where(listing => !listing.IsNew).Select(listing => listing.Listing.ListingId)],
            cancellationToken);
        foreach (var listing in changes.Reidentified)
        {
            Listings.Add(listing.Listing.ListingId, listing.ToCandidate(contracts.GetValueOrDefault(listing.Listing.ListingId)));
        }

        var asked = changes.FormerKeys.Concat(changes.MovedContracts.Select(moved => BlockingKey.From(moved.Contract)))
            .Concat(Listings.Values.SelectMany(listing => listing.Keys())).ToHashSet();
        List<BlockingKey> keys = [.. asked];
        HashSet<Guid> ids = [.. changes.Others, .. overrides.NamedWith(Listings.Keys.ToHashSet())];
        ids.ExceptWith(Listings.Keys);
        while (keys.Count + ids.Count > 0)
        {
            var found = await ReadConnectedAsync(changes, keys, ids, cancellationToken);
            keys = [.. found.SelectMany(listing => listing.Keys()).Where(asked.Add)];
            ids = [.. overrides.NamedWith(found.Select(listing => listing.ListingId).ToHashSet())];
            ids.ExceptWith(Listings.Keys);
        }
    }

    /// <summary>Reads the listings with any of the keys or ids, but for those that are known.</summary>
    /// <returns>The new ones.</returns>
    private async Task<List<CandidateListing>> ReadConnectedAsync(
        PageChangeSet changes,
        IReadOnlyCollection<BlockingKey> keys,
        IReadOnlyCollection<Guid> listingIds,
        CancellationToken cancellationToken)
    {
        // A listing that has several of the keys comes several times.
        var rows = (await CandidateQueries.ReadAsync(connection, keys, listingIds, cancellationToken))
            .Where(row => !Listings.ContainsKey(row.ListingId)).DistinctBy(row => row.ListingId).ToList();
        Guid[] ids = [.. rows.Select(row => row.ListingId)];
        var contracts = await ReadDetailsAsync(ids, ids, cancellationToken);
        var found = rows.ConvertAll(row => Candidate(row, contracts.GetValueOrDefault(row.ListingId)));
        foreach (var (row, listing) in rows.Zip(found))
        {
            Listings.Add(row.ListingId, listing);
            Assets.Add(row.ListingId, row.AssetId);
        }

        return found;

        // The page may have a newer quote of it.
        CandidateListing Candidate(CandidateRow row, IReadOnlySet<TokenContract>? named) => new(
            row.ListingId,
            row.Source,
            row.ExternalId,
            row.Symbol,
            row.Name,
            row.IsActive,
            row.CreatedAt,
            named,
            market: changes.Find(row.ListingId) is { } listing ? PageListing.GetMarket(listing) : row.Market,
            isDelisted: row.IsDelisted);
    }

    /// <summary>Reads the listings' contracts, what prices said of them and what was decided, in one round trip.</summary>
    /// <returns>The contracts.</returns>
    private async Task<Dictionary<Guid, HashSet<TokenContract>>> ReadDetailsAsync(
        Guid[] listingIds, Guid[] decidedIds, CancellationToken cancellationToken)
    {
        var contracts = new Dictionary<Guid, HashSet<TokenContract>>();
        if (listingIds.Length == 0)
        {
            return contracts;
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                TokenContractStore.Select(listingIds),
                PriceAgreementStore.Select(decidedIds),
                MatchDecisionStore.Select(decidedIds),
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await TokenContractStore.ReadAsync(reader, contracts, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await PriceAgreementStore.ReadAsync(reader, _prices, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await MatchDecisionStore.ReadAsync(reader, Decisions, cancellationToken);
        return contracts;
    }
}
