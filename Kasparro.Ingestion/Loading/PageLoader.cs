using Kasparro.Data;
using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Loads one page in one transaction: listings, raw records, quotes, assets, counts, checkpoint and run, or none of it. Unchanged records
/// cost one indexed read; new ones go in by COPY; changed ones as one statement's arrays.
/// </summary>
internal sealed class PageLoader(
    NpgsqlDataSource dataSource, Partitions partitions, IdentityResolver identity, EvidenceLoader evidence, TimeProvider time)
{
    /// <summary>Commits the page.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    public async Task<PageOutcome> LoadAsync(
        ActiveRun run, ISourceStream stream, SourcePage page, DateTimeOffset readingStartedAt, CancellationToken cancellationToken)
    {
        if (stream.Kind is RecordKind.Evidence)
        {
            return await evidence.LoadAsync(run, stream, page, readingStartedAt, cancellationToken);
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        var newest = Deduplicate(run.Source, page.Records);
        var known = await PageOpening.ReadAsync(connection, run, stream.Kind, newest.Keys, cancellationToken);
        var changes = new PageChanges(run, stream, page, time.GetUtcNow());
        var changed = newest.Where(entry => known.TryGetValue(entry.Key, out var hash) && hash != entry.Value.ContentHash).ToDictionary();
        foreach (var (listingId, record) in newest)
        {
            if (!known.ContainsKey(listingId))
            {
                changes.Insert(listingId, record);
            }
        }

        if (changed.Count > 0)
        {
            foreach (var listing in await ListingTable.ReadAsync(connection, [.. changed.Keys], cancellationToken))
            {
                changes.Update(listing, changed[listing.ListingId]);
            }
        }

        if (changes.Any)
        {
            await partitions.EnsureAsync("raw_records", [page.FetchedAt], cancellationToken);
            await partitions.EnsureAsync("quotes", changes.Quotes.Concat(changes.LaterQuotes).Select(quote => quote.QuotedAt), cancellationToken);
        }

        var assetsGrown = changes.Any ? await WriteAsync(connection, changes, cancellationToken) : 0;
        var outcome = new PageOutcome(
            changes.Inserted.Count,
            changes.Updated.Count,
            newest.Count - changes.Inserted.Count - changes.Updated.Count,
            page.Records.Count - newest.Count,
            page.Rejections.Count,
            CatalogueVersion: null);
        await RejectedTable.InsertAsync(connection, run, stream, page, cancellationToken);

        await using var closing = new NpgsqlBatch(connection);
        if (changes.Any)
        {
            CatalogueVersion.Move(closing, changes.Now, run.Source, changes.Inserted.Count, assetsGrown);
        }
        else
        {
            // Nothing that anybody is told of: if the server dies before this is on disk, the page is read again. The next commit that matters
            // waits for this one too.
            closing.BatchCommands.Add(new("SET LOCAL synchronous_commit = off"));
        }

        RunJournal.RecordPage(closing, run, stream, page, outcome, readingStartedAt, time.GetUtcNow());
        var version = await CloseAsync(closing, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome with { CatalogueVersion = version };
    }

    /// <summary>Runs the page's last statements; returns the catalogue version, where they move it.</summary>
    private static async Task<long?> CloseAsync(NpgsqlBatch closing, CancellationToken cancellationToken)
    {
        long? version = null;
        await using var reader = await closing.ExecuteReaderAsync(cancellationToken);
        do
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                version = reader.GetInt64(0);
            }
        }
        while (await reader.NextResultAsync(cancellationToken));

        return version;
    }

    private static Dictionary<Guid, SourceRecord> Deduplicate(string source, IReadOnlyList<SourceRecord> records)
    {
        var newest = new Dictionary<Guid, SourceRecord>(records.Count);
        foreach (var record in records)
        {
            newest[StableId.ForListing(source, record.ExternalId)] = record;
        }

        return newest;
    }

    /// <summary>Writes what changed; returns by how many the assets grew.</summary>
    private async Task<int> WriteAsync(NpgsqlConnection connection, PageChanges changes, CancellationToken cancellationToken)
    {
        var moved = await ContractTable.ReplaceAsync(connection, changes.Run.Source, changes.Contracts, isWhole: true, cancellationToken);
        var formerKeys = changes.FormerKeys.Concat(moved.Select(row => IdentityKey.Of(row.Contract)));
        var reassigned = changes.Reidentified.Count > 0
            ? await identity.ResolveAsync(connection, changes.Reidentified, formerKeys, others: [], cancellationToken)
            : [];
        await ListingTable.InsertAsync(connection, changes.Inserted, cancellationToken);
        if (changes.Updated.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ListingTable.Update(changes.Updated) } };
            if (changes.LaterQuotes.Count > 0)
            {
                batch.BatchCommands.Add(HistoryTables.Upsert(changes.LaterQuotes));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        if (reassigned.Count > 0)
        {
            await ListingTable.ReassignAsync(connection, reassigned, cancellationToken);
        }

        await HistoryTables.InsertRawAsync(connection, changes, cancellationToken);
        await HistoryTables.InsertQuotesAsync(connection, changes.Quotes, cancellationToken);

        // A new listing that founds an asset which nobody else joined: its asset is the listing itself, and needs no recomputing.
        var shared = changes.Listings.Where(listing => listing.AssetId != listing.ListingId).Select(listing => listing.AssetId)
            .Concat(reassigned.Select(change => change.AssetId)).ToHashSet();
        var founders = changes.Inserted.Where(listing => listing.AssetId == listing.ListingId && !shared.Contains(listing.AssetId)).ToList();
        await AssetTable.InsertAsync(connection, founders, cancellationToken);

        var former = changes.FormerAssets().Concat(reassigned.Select(change => change.FormerAssetId)).ToHashSet();
        shared.UnionWith(changes.Updated.Select(listing => listing.AssetId));
        shared.UnionWith(former);
        var grown = founders.Count;
        if (shared.Count > 0)
        {
            grown += await AssetTable.RecomputeAsync(connection, [.. shared], [.. former], changes.Now, cancellationToken);
        }

        return grown;
    }
}
