using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>Writes a transaction's changes, once entity resolution has assigned its listings to assets.</summary>
internal static class PageWriter
{
    /// <summary>Writes listings, quotes, raw records and assets.</summary>
    /// <param name="connection">In the page's transaction.</param>
    /// <param name="stream">The stream that the raw records come from.</param>
    /// <param name="changes">The changes to write; the partitions for their times must exist.</param>
    /// <param name="reassigned">The listings outside the page whose asset changes.</param>
    /// <param name="cancellationToken">Cancels the statements.</param>
    public static async Task<PageWritten> WriteAsync(
        NpgsqlConnection connection,
        string stream,
        PageChangeSet changes,
        IReadOnlyList<Reassignment> reassigned,
        CancellationToken cancellationToken)
    {
        await ListingStore.InsertAsync(connection, changes.Inserted, cancellationToken);
        await ListingStore.UpdateAsync(connection, changes.Updated, cancellationToken);
        await ListingStore.ReassignAsync(connection, reassigned, cancellationToken);
        await QuoteStore.InsertAsync(connection, changes.FirstQuotes, cancellationToken);
        var quotes = await QuoteStore.UpsertAsync(connection, changes.LaterQuotes, cancellationToken);
        List<SourceRecord> raw =
        [
            .. changes.Raw,
            .. changes.Late.Where(late => quotes.Contains((late.Quote.ListingId, late.Quote.QuotedAt)))
                .Select(late => late.Record),
        ];
        await RawPageStore.InsertAsync(connection, changes.Run, stream, changes.FetchedAt, raw, cancellationToken);
        return new(await WriteAssetsAsync(connection, changes, reassigned, cancellationToken), quotes);
    }

    private static async Task<AssetChanges> WriteAssetsAsync(
        NpgsqlConnection connection, PageChangeSet changes, IReadOnlyList<Reassignment> reassigned, CancellationToken cancellationToken)
    {
        var assets = new AssetChanges();

        // A new listing that founds an asset which no other listing joins is inserted as that asset, which need not be recomputed.
        var shared = changes.Listings.Where(listing => listing.AssetId != listing.ListingId).Select(listing => listing.AssetId)
            .Concat(reassigned.Select(change => change.AssetId)).ToHashSet();
        var founders = changes.Inserted.FindAll(listing => listing.AssetId == listing.ListingId && !shared.Contains(listing.AssetId));
        await AssetStore.InsertAsync(connection, founders, cancellationToken);
        assets.Add(founders.Count(founder => founder.IsActive), founders.Select(founder => founder.AssetId));

        var former = changes.FormerAssets().Concat(reassigned.Select(change => change.FormerAssetId)).ToHashSet();
        shared.UnionWith(changes.Updated.Select(listing => listing.AssetId));
        shared.UnionWith(former);
        if (shared.Count > 0)
        {
            await AssetStore.RecomputeAsync(connection, [.. shared], [.. former], changes.Now, assets, cancellationToken);
        }

        return assets;
    }
}

/// <summary>The outcome of a transaction's changes.</summary>
/// <param name="Assets">The changes to assets.</param>
/// <param name="LaterQuotes">The quotes of known listings that were new or had other values.</param>
internal sealed record PageWritten(AssetChanges Assets, IReadOnlySet<(Guid ListingId, DateTimeOffset QuotedAt)> LaterQuotes);
