using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>The listings that are resolved together: those of the page, and all listings connected with them.</summary>
/// <param name="connection">In a <see cref="FencedTransaction"/> that plans by index; statements prepared here are planned once per
/// connection.</param>
internal sealed class CandidateSet(NpgsqlConnection connection)
{
    private readonly Dictionary<(Guid ListingId, Guid OtherId), bool> _prices = [];

    /// <summary>The listings.</summary>
    public Dictionary<Guid, CandidateListing> Listings { get; } = [];

    /// <summary>The current assets of the listings that the page does not change.</summary>
    public Dictionary<Guid, Guid> Assets { get; } = [];

    /// <summary>The previous decisions about the listings.</summary>
    public Dictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> Decisions { get; } = [];

    /// <summary>The verdicts of prices on the listings.</summary>
    public PriceAgreement Prices => _prices.Count == 0 ? PriceAgreement.None : new(_prices);

    /// <summary>Reads the listings that the page's listings are connected with, and so on, until no new ones are found.</summary>
    public async Task ReadAsync(PageChangeSet changes, MatchOverrides overrides, CancellationToken cancellationToken)
    {
        // Nothing has been decided about a new listing yet, but its contracts may have arrived before it.
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

    /// <summary>Reads the listings with any of the keys or ids, except those already read.</summary>
    /// <returns>The listings that were added.</returns>
    private async Task<List<CandidateListing>> ReadConnectedAsync(
        PageChangeSet changes,
        IReadOnlyCollection<BlockingKey> keys,
        IReadOnlyCollection<Guid> listingIds,
        CancellationToken cancellationToken)
    {
        // A listing that has several of the keys is returned several times.
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

        // The page may have a newer quote of the listing.
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

    /// <summary>Reads the listings' contracts, price verdicts and decisions in one round trip.</summary>
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
