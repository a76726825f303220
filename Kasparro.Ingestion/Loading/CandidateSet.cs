using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>The part of the catalogue that one resolution decides about, as far as it was read.</summary>
/// <param name="connection">In a transaction opened by <see cref="FencedTransaction"/>: what is prepared here is planned once for a connection.</param>
/// <param name="knownKeys">What need not be looked for.</param>
internal sealed class CandidateSet(NpgsqlConnection connection, BlockingKeyFilter knownKeys)
{
    private readonly Dictionary<(Guid ListingId, Guid OtherId), bool> _prices = [];

    /// <summary>The listings to decide about.</summary>
    public Dictionary<Guid, CandidateListing> Listings { get; } = [];

    /// <summary>The assets that those outside the page have.</summary>
    public Dictionary<Guid, Guid> Assets { get; } = [];

    /// <summary>What was decided about them before.</summary>
    public Dictionary<(Guid ListingId, Guid OtherId), StoredMatchDecision> Decisions { get; } = [];

    /// <summary>What prices said about them.</summary>
    public PriceAgreement Prices => _prices.Count == 0 ? PriceAgreement.None : new(_prices);

    /// <summary>Reads the listings with any of the keys or ids, but for those that are known, which the page knows better.</summary>
    /// <returns>The new ones.</returns>
    public async Task<IReadOnlyList<CandidateListing>> ReadConnectedAsync(
        IReadOnlyCollection<BlockingKey> keys, IReadOnlyCollection<Guid> listingIds, CancellationToken cancellationToken)
    {
        // Who has several of the keys comes several times.
        var rows = await CandidateQueries.ReadAsync(connection, keys, listingIds, cancellationToken);
        var found = rows.FindAll(row => !Listings.ContainsKey(row.ListingId) && Assets.TryAdd(row.ListingId, row.AssetId));
        var contracts = await ReadDetailsAsync(found.ConvertAll(row => row.ListingId), cancellationToken);
        var listings = found.ConvertAll(row => new CandidateListing(
            row.ListingId, row.Source, row.ExternalId, row.Symbol, row.Name, row.IsActive, row.CreatedAt, contracts.GetValueOrDefault(row.ListingId)));
        foreach (var listing in listings)
        {
            Listings.Add(listing.ListingId, listing);
        }

        return listings;
    }

    /// <summary>Reads the listings' contracts, what prices said of them and what was decided, in one round trip at most.</summary>
    /// <returns>The contracts.</returns>
    public async Task<IReadOnlyDictionary<Guid, HashSet<TokenContract>>> ReadDetailsAsync(IReadOnlyCollection<Guid> listingIds, CancellationToken cancellationToken)
    {
        var contracts = new Dictionary<Guid, HashSet<TokenContract>>();
        Guid[] withContracts = [.. listingIds.Where(knownKeys.HasContracts)];
        Guid[] withDecisions = [.. listingIds.Where(knownKeys.HasDecisions)];
        if (withContracts.Length + withDecisions.Length == 0)
        {
            return contracts;
        }

        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { TokenContractStore.Select(withContracts), PriceAgreementStore.Select(withDecisions), MatchDecisionStore.Select(withDecisions) },
        };
        await batch.PrepareAsync(cancellationToken);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await TokenContractStore.ReadAsync(reader, contracts, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await PriceAgreementStore.ReadAsync(reader, _prices, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await MatchDecisionStore.ReadAsync(reader, Decisions, cancellationToken);
        return contracts;
    }
}
