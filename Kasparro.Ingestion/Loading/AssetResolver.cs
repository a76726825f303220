using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Applies <see cref="EntityResolution"/> page by page: resolves only the listings that the page touches and those connected with them, so
/// the work depends on the size of the page and not of the catalogue.
/// </summary>
internal sealed partial class AssetResolver(EffectiveOverrides effective, ILogger<AssetResolver> logger)
{
    /// <summary>
    /// Compares prices, resolves the listings, sets <see cref="Listing.AssetId"/> of the page's listings, and records the decisions.
    /// </summary>
    /// <param name="connection">In the page's transaction, after the contracts and before the listings are written.</param>
    /// <param name="changes">The page's changes.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns>The listings outside the page whose asset changes.</returns>
    public async Task<IReadOnlyList<Reassignment>> ResolveAsync(
        NpgsqlConnection connection, PageChangeSet changes, CancellationToken cancellationToken)
    {
        if (changes.Renamed.Count > 0)
        {
            await PriceAgreementStore.ForgetAsync(connection, [.. changes.Renamed], cancellationToken);
        }

        var measured = await MeasureAsync(connection, changes, cancellationToken);
        if (changes.Reidentified.Count + changes.MovedContracts.Count + changes.Others.Count == 0)
        {
            await PriceAgreementStore.UpsertAsync(connection, measured, changes.Now, cancellationToken);
            return [];
        }

        var overrides = effective.Current;
        var candidates = new CandidateSet(connection);
        await candidates.ReadAsync(changes, overrides, cancellationToken);
        var clustering = EntityResolution.Resolve(candidates.Listings.Values, candidates.Prices, overrides);
        foreach (var (key, source) in clustering.Crowded)
        {
            Log.Crowded(logger, source, BlockingKey.MaxOfSource, key.Kind, key.Value);
        }

        var ofComponents = clustering.Measured.Select(pair => (pair.ListingId, pair.OtherId)).ToHashSet();
        await PriceAgreementStore.UpsertAsync(
            connection,
            [.. clustering.Measured, .. measured.Where(pair => !ofComponents.Contains((pair.ListingId, pair.OtherId)))],
            changes.Now,
            cancellationToken);
        var wanted = clustering.Decisions.ToDictionary(
            decision => (decision.Left.ListingId, decision.Right.ListingId),
            decision => new StoredMatchDecision(
                decision.Unites ? clustering.Assets[decision.Left.ListingId] : null,
                decision.Rule,
                decision.Reason,
                decision.Confidence,
                [.. decision.Evidence]));
        await MatchDecisionStore.ReplaceAsync(connection, candidates.Decisions, wanted, changes.Now, cancellationToken);
        return Assign(changes, candidates, clustering);
    }

    private static List<Reassignment> Assign(PageChangeSet changes, CandidateSet candidates, Clustering clustering)
    {
        var reassigned = new List<Reassignment>();
        foreach (var (listingId, assetId) in clustering.Assets)
        {
            if (changes.Find(listingId) is { } listing)
            {
                listing.AssetId = assetId;
            }
            else if (candidates.Assets[listingId] != assetId)
            {
                reassigned.Add(new(listingId, candidates.Assets[listingId], assetId));
            }
        }

        return reassigned;
    }

    /// <summary>
    /// Compares the new quotes of known listings with those of the listings that they are or may be one asset with. A pair that is united
    /// and should not be, or the other way round, is matched again. Pairs of new listings are compared while they are matched.
    /// </summary>
    private static async Task<List<MeasuredPair>> MeasureAsync(
        NpgsqlConnection connection, PageChangeSet changes, CancellationToken cancellationToken)
    {
        var measured = new List<MeasuredPair>();
        if (changes.Requoted.Count == 0)
        {
            return measured;
        }

        foreach (var pair in await PriceAgreementStore.ReadOpenPairsAsync(connection, [.. changes.Requoted], cancellationToken))
        {
            var left = changes.Find(pair.ListingId) is { } one ? PageListing.GetMarket(one) : pair.Market;
            var right = changes.Find(pair.OtherId) is { } other ? PageListing.GetMarket(other) : pair.OtherMarket;
            if (left.Compare(right, pair.Agrees) is not { } agrees || agrees == pair.Agrees)
            {
                continue;
            }

            measured.Add(new(pair.ListingId, pair.OtherId, agrees, left.RatioTo(right)!.Value));
            if (pair.AreUnited != agrees)
            {
                changes.Others.Add(pair.ListingId);
                changes.Others.Add(pair.OtherId);
            }
        }

        return measured;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Source}: more than {Limit} listings have the {Kind} key '{Key}': it matches none of them.")]
        public static partial void Crowded(ILogger logger, string source, int limit, BlockingKeyKind kind, string key);
    }
}
