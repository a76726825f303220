using Kasparro.Data;
using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Drift;
using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Loads one page in one transaction: listings, raw records, quotes, assets, counts, checkpoint and run, or none of it. Unchanged records
/// cost one indexed read; new ones go in by COPY; changed ones through a staging table.
/// </summary>
internal sealed class PageLoader(NpgsqlDataSource dataSource, Partitions partitions, Secrets secrets, IOptions<IngestionOptions> options, TimeProvider time)
{
    /// <summary>Smaller pages are no sample: the last page of a list may hold one record, and that one be bad.</summary>
    private const int MinJudgedPage = 20;

    /// <summary>Commits the page.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    /// <exception cref="SourceException">Too many of the page's records are bad; these were kept, and nothing else was written.</exception>
    public async Task<PageOutcome> LoadAsync(
        ActiveRun run, ISourceStream stream, SourcePage page, DateTimeOffset readingStartedAt, CancellationToken cancellationToken)
    {
        await RefuseRubbishAsync(run, stream, page, cancellationToken);
        await RefuseDriftAsync(run, stream, page, cancellationToken);
        return await CommitAsync(
            run,
            stream,
            page,
            async (connection, outcome) =>
            {
                await RejectedTable.InsertAsync(connection, run, stream, page, secrets, cancellationToken);
                await DriftTable.AddAsync(connection, run, stream.Name, page.Drifts, page.FetchedAt, secrets, cancellationToken);
                await RunJournal.RecordPageAsync(connection, run, stream, page, outcome, readingStartedAt, time.GetUtcNow(), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Commits records that had been rejected, and takes them out of <c>rejected_records</c>; no checkpoint moves.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    public Task<PageOutcome> ReplayAsync(
        ActiveRun run, ISourceStream stream, SourcePage page, IReadOnlyCollection<Guid> settled, CancellationToken cancellationToken) =>
        CommitAsync(
            run,
            stream,
            page,
            async (connection, outcome) =>
            {
                await RejectedTable.DeleteAsync(connection, run.Source, stream.Name, settled, cancellationToken);
                await RunJournal.CountRecordsAsync(connection, run, page, outcome, cancellationToken);
            },
            cancellationToken);

    private async Task RefuseDriftAsync(ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        if (page.Drifts.FirstOrDefault(drift => drift.Policy is DriftPolicy.FailRun) is not { } drift)
        {
            return;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunJournal.ProveTokenAsync(connection, run.FencingToken, cancellationToken);
        await DriftTable.AddAsync(connection, run, stream.Name, page.Drifts, page.FetchedAt, secrets, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        throw new SourceException(
            $"{stream.Name}: {drift} in {drift.Occurrences} records of page {page.Number + 1}, and SchemaDrift:Fields says that this fails the run.");
    }

    private async Task RefuseRubbishAsync(ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        var count = page.Records.Count + page.Rejections.Count;
        if (count < MinJudgedPage || page.Rejections.Count <= count * options.Value.MaxRejectedShare)
        {
            return;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunJournal.ProveTokenAsync(connection, run.FencingToken, cancellationToken);
        await RejectedTable.InsertAsync(connection, run, stream, page, secrets, cancellationToken);
        await RunJournal.CountRecordsAsync(
            connection, run, page, default(PageOutcome) with { Rejected = page.Rejections.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var first = page.Rejections[0];
        throw new SourceException(
            $"{stream.Name}: {page.Rejections.Count} of {count} records of page {page.Number + 1} are bad, so none of it was loaded. The first, "
            + $"number {first.Position}: {secrets.Remove(first.Detail)} rejected_records has them all.");
    }

    private async Task<PageOutcome> CommitAsync(
        ActiveRun run,
        ISourceStream stream,
        SourcePage page,
        Func<NpgsqlConnection, PageOutcome, Task> bookkeeping,
        CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);

        var newest = Deduplicate(run.Source, page.Records);
        var known = await ReadHashesAsync(connection, stream.Kind, newest.Keys, cancellationToken);
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

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunJournal.ProveTokenAsync(connection, run.FencingToken, cancellationToken);
        long? version = changes.Any ? await WriteAsync(connection, changes, cancellationToken) : null;
        var outcome = new PageOutcome(
            changes.Inserted.Count,
            changes.Updated.Count,
            newest.Count - changes.Inserted.Count - changes.Updated.Count,
            page.Records.Count - newest.Count,
            page.Rejections.Count,
            version);
        await bookkeeping(connection, outcome);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
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

    /// <summary>The known listings of the page, with the hash of what was last read of them in this kind of record; null where there was none.</summary>
    private static async Task<Dictionary<Guid, Guid?>> ReadHashesAsync(
        NpgsqlConnection connection, RecordKind kind, IReadOnlyCollection<Guid> listingIds, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<Guid, Guid?>(listingIds.Count);
        var column = kind is RecordKind.Profile ? "profile_hash" : "quote_hash";
        await using var command = new NpgsqlCommand($"SELECT listing_id, {column} FROM listings WHERE listing_id = ANY($1)", connection);
        command.Parameters.Add(new() { Value = listingIds.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            hashes.Add(reader.GetGuid(0), reader.GetFieldValue<Guid?>(1));
        }

        return hashes;
    }

    /// <summary>Writes what changed; returns the catalogue version that it makes.</summary>
    private static async Task<long> WriteAsync(NpgsqlConnection connection, PageChanges changes, CancellationToken cancellationToken)
    {
        var reassigned = await IdentityResolver.ResolveAsync(connection, changes.Listings, changes.FormerMatchKeys, cancellationToken);
        await ListingTable.InsertAsync(connection, changes.Inserted, cancellationToken);
        if (changes.Updated.Count > 0)
        {
            await ListingTable.UpdateAsync(connection, changes.Updated, cancellationToken);
        }

        if (reassigned.Count > 0)
        {
            await ReassignAsync(connection, reassigned, cancellationToken);
        }

        await HistoryTables.InsertRawAsync(connection, changes, cancellationToken);
        await HistoryTables.InsertQuotesAsync(connection, changes, cancellationToken);

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

        return await MoveVersionAsync(connection, changes, grown, cancellationToken);
    }

    private static async Task ReassignAsync(
        NpgsqlConnection connection, IReadOnlyList<Reassignment> reassigned, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            UPDATE listings SET asset_id = moved.asset_id
            FROM unnest($1::uuid[], $2::uuid[]) AS moved (listing_id, asset_id) WHERE listings.listing_id = moved.listing_id
            """,
            connection);
        command.Parameters.Add(new() { Value = reassigned.Select(change => change.ListingId).ToArray() });
        command.Parameters.Add(new() { Value = reassigned.Select(change => change.AssetId).ToArray() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<long> MoveVersionAsync(
        NpgsqlConnection connection, PageChanges changes, int assetsGrown, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new("UPDATE catalogue_state SET version = version + 1, changed_at = $1 RETURNING version")
        {
            Parameters = { new() { Value = changes.Now, NpgsqlDbType = NpgsqlDbType.TimestampTz } },
        });
        if (changes.Inserted.Count > 0)
        {
            batch.BatchCommands.Add(Count(changes.Run.Source, changes.Inserted.Count));
        }

        if (assetsGrown != 0)
        {
            batch.BatchCommands.Add(Count(CatalogueCount.AssetsScope, assetsGrown));
        }

        return (long)(await batch.ExecuteScalarAsync(cancellationToken))!;

        static NpgsqlBatchCommand Count(string scope, int by) => new("UPDATE catalogue_counts SET count = count + $1 WHERE scope = $2")
        {
            Parameters = { new() { Value = (long)by }, new() { Value = scope } },
        };
    }
}
