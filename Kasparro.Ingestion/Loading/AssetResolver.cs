using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Keeps <see cref="EntityResolution"/> true page by page: decides about what the page touches and all that is connected with it, and about
/// nothing else, so the work follows the page's size and not the catalogue's.
/// </summary>
internal sealed partial class AssetResolver(EffectiveOverrides effective, ILogger<AssetResolver> logger)
{
    /// <summary>
    /// Measures prices, decides once, sets <see cref="Listing.AssetId"/> of the page's listings, and records why.
    /// </summary>
    /// <param name="connection">In the page's transaction, after contracts were written and before listings are.</param>
    /// <param name="changes">What the page changes.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    /// <returns>Listings outside the page whose asset changes.</returns>
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
    /// Compares the new quotes of known listings with those of what they are one asset with, or may be; a pair that is one asset and should
    /// not be, or the other way round, is to be matched again. Pairs of new listings are compared while they are matched.
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
