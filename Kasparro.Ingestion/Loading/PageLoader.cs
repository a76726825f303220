using Kasparro.Ingestion.Drift;
using Kasparro.Ingestion.Identity;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Drift;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Loads one page in one transaction: listings, raw records, quotes, assets, counts, checkpoint and run, or none of it. Unchanged records
/// cost one indexed read; new ones go in by COPY; changed ones as one statement's arrays.
/// </summary>
internal sealed class PageLoader(
    NpgsqlDataSource dataSource,
    Partitions partitions,
    IdentityResolver identity,
    KnownKeys knownKeys,
    EvidenceLoader evidence,
    Secrets secrets,
    IngestionTelemetry telemetry,
    IOptions<IngestionOptions> options,
    TimeProvider time)
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
        if (stream.Kind is RecordKind.Evidence)
        {
            return await evidence.LoadAsync(run, stream, page, readingStartedAt, cancellationToken);
        }

        return await CommitAsync(
            run,
            stream,
            page,
            async (connection, closing, outcome) =>
            {
                await RejectedTable.InsertAsync(connection, run, stream, page, secrets, cancellationToken);
                await DriftTable.AddAsync(connection, run, stream.Name, page.Drifts, page.FetchedAt, secrets, cancellationToken);
                RunJournal.RecordPage(closing, run, stream, page, outcome, readingStartedAt, time.GetUtcNow());
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
            async (connection, closing, outcome) =>
            {
                await RejectedTable.DeleteAsync(connection, run.Source, stream.Name, settled, cancellationToken);
                RunJournal.RecordReplay(closing, run, page, outcome);
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
        Func<NpgsqlConnection, NpgsqlBatch, PageOutcome, Task> bookkeeping,
        CancellationToken cancellationToken)
    {
        var newest = Deduplicate(run.Source, page.Records);
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await knownKeys.EnsureAsync(run.FencingToken, cancellationToken);
        var known = await PageOpening.ReadAsync(connection, run, stream.Kind, [.. newest.Keys.Where(knownKeys.Has)], cancellationToken);
        var changes = new PageChanges(run, stream, page, time.GetUtcNow());
        var changed = newest.Where(entry => known.TryGetValue(entry.Key, out var hash) && hash != entry.Value.ContentHash).ToDictionary();
        var fresh = newest.Where(entry => !known.ContainsKey(entry.Key)).ToList();
        IdentityPlan? plan = null;
        if (fresh.Count + changed.Count > 0)
        {
            plan = await TakeAsync(connection, changes, fresh, changed, cancellationToken);
        }

        if (changed.Count > 0)
        {
            foreach (var listing in await ListingTable.ReadAsync(connection, [.. changed.Keys], cancellationToken))
            {
                changes.Update(listing, changed[listing.ListingId]);
            }

            await InsertQuotesAsync(connection, changes, cancellationToken);
        }

        var assets = new AssetChanges();
        if (changes.Any)
        {
            await WriteAsync(connection, changes, plan, assets, cancellationToken);
        }

        var outcome = new PageOutcome(
            changes.Inserted.Count,
            changes.Updated.Count,
            newest.Count - changes.Inserted.Count - changes.Updated.Count,
            page.Records.Count - newest.Count,
            page.Rejections.Count,
            CatalogueVersion: null);
        await using var closing = new NpgsqlBatch(connection);
        if (changes.Any)
        {
            CatalogueVersion.Move(closing, changes.Now, run.Source, changes.Inserted.Count, assets);
        }
        else if (page.Rejections.Count == 0)
        {
            // Nothing that anybody is told of: if the server dies before this is on disk, the page is read again. The next commit that matters
            // waits for this one too.
            closing.BatchCommands.Add(new("SET LOCAL synchronous_commit = off"));
        }

        await bookkeeping(connection, closing, outcome);
        var version = await CloseAsync(closing, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome with { CatalogueVersion = version };
    }

    /// <summary>Has PostgreSQL take the records as they came, while this side works out what they say.</summary>
    /// <returns>Which assets the page's listings are of; null where that is to be decided later.</returns>
    private async Task<IdentityPlan?> TakeAsync(
        NpgsqlConnection connection,
        PageChanges changes,
        List<KeyValuePair<Guid, SourceRecord>> fresh,
        Dictionary<Guid, SourceRecord> changed,
        CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync("raw_records", [changes.FetchedAt], cancellationToken);

        // Where nothing but new listings is in the page, nothing else in it has a say in which assets they are of.
        var inserting = Task.Run(() => Insert(changes, fresh), cancellationToken);
        var planning = changed.Count == 0 ? LookAheadAsync() : Task.FromResult<IdentityPlan?>(null);
        var copying = CopyAsync();
        await Task.WhenAll(inserting, planning, copying);
        telemetry.WaitedForIdentity(changes.Run.Source, time.GetElapsedTime(await copying));
        return await planning;

        async Task<long> CopyAsync()
        {
            await HistoryTables.InsertRawAsync(connection, changes, [.. fresh, .. changed], cancellationToken);
            await inserting;
            if (changed.Count == 0)
            {
                await InsertQuotesAsync(connection, changes, cancellationToken);
            }

            return time.GetTimestamp();
        }

        async Task<IdentityPlan?> LookAheadAsync()
        {
            var began = time.GetTimestamp();
            var plan = await identity.LookAheadAsync(changes.Run.FencingToken, inserting, cancellationToken);
            telemetry.IdentityDecidedAhead(changes.Run.Source, time.GetElapsedTime(began));
            return plan;
        }
    }

    /// <summary>Inserts what new listings are quoted at. Partitions come first, also for the quotes of others: to make one waits for whoever has written quotes.</summary>
    private async Task InsertQuotesAsync(NpgsqlConnection connection, PageChanges changes, CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync("quotes", changes.Quotes.Concat(changes.LaterQuotes).Select(quote => quote.QuotedAt), cancellationToken);
        await HistoryTables.InsertQuotesAsync(connection, changes.Quotes, cancellationToken);
    }

    /// <summary>Takes new records over.</summary>
    /// <returns>The listings to decide about; null where the page names contracts.</returns>
    private static IReadOnlyCollection<PageListing>? Insert(PageChanges changes, List<KeyValuePair<Guid, SourceRecord>> fresh)
    {
        foreach (var (listingId, record) in fresh)
        {
            changes.Insert(listingId, record);
        }

        return changes.Contracts.Count == 0 ? changes.Reidentified : null;
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

    /// <summary>Writes what changed.</summary>
    private async Task WriteAsync(
        NpgsqlConnection connection, PageChanges changes, IdentityPlan? plan, AssetChanges assets, CancellationToken cancellationToken)
    {
        var moved = await ContractTable.ReplaceAsync(connection, changes.Run.Source, changes.Contracts, isWhole: true, cancellationToken);
        if (changes.Renamed.Count > 0)
        {
            await PriceTable.ForgetAsync(connection, [.. changes.Renamed], cancellationToken);
        }

        var began = time.GetTimestamp();
        var resolution = plan is not null ? await identity.ApplyAsync(connection, plan, cancellationToken)
            : changes.Reidentified.Count == 0 ? IdentityResolution.None
            : await identity.ResolveAsync(
                connection, changes.Run.FencingToken, changes.Reidentified, changes.FormerKeys, moved, others: [], cancellationToken);
        telemetry.WaitedForIdentity(changes.Run.Source, time.GetElapsedTime(began));
        var reassigned = resolution.Reassigned;
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

        // A new listing that founds an asset which nobody else joined: its asset is the listing itself, and needs no recomputing.
        var shared = changes.Listings.Where(listing => listing.AssetId != listing.ListingId).Select(listing => listing.AssetId)
            .Concat(reassigned.Select(change => change.AssetId)).ToHashSet();
        var founders = changes.Inserted.Where(listing => listing.AssetId == listing.ListingId && !shared.Contains(listing.AssetId)).ToList();
        await AssetTable.InsertAsync(connection, founders, cancellationToken);

        var former = changes.FormerAssets().Concat(reassigned.Select(change => change.FormerAssetId)).ToHashSet();
        shared.UnionWith(changes.Updated.Select(listing => listing.AssetId));
        shared.UnionWith(former);
        assets.Add(founders.Count(founder => founder.IsActive), founders.Select(founder => founder.AssetId));
        if (shared.Count > 0)
        {
            await AssetTable.RecomputeAsync(connection, [.. shared], [.. former], changes.Now, assets, cancellationToken);
        }

        await ComparePricesAsync(connection, changes, resolution, assets, cancellationToken);
    }

    /// <summary>Lets the page's quotes speak for or against merges.</summary>
    private async Task ComparePricesAsync(
        NpgsqlConnection connection, PageChanges changes, IdentityResolution resolution, AssetChanges assets, CancellationToken cancellationToken)
    {
        // Of new listings, those that are paired with another.
        Guid[] quoted =
        [
            .. changes.Quotes.Select(quote => quote.ListingId).Where(resolution.Paired.Contains), .. changes.LaterQuotes.Select(quote => quote.ListingId),
        ];
        if (quoted.Length == 0)
        {
            return;
        }

        var undecided = await PriceTable.MeasureAsync(connection, quoted, changes.Now, cancellationToken);
        if (undecided.Count == 0)
        {
            return;
        }

        var began = time.GetTimestamp();
        var settled = await identity.ResolveAsync(
            connection, changes.Run.FencingToken, listings: [], formerKeys: [], moved: [], undecided, cancellationToken);
        telemetry.WaitedForIdentity(changes.Run.Source, time.GetElapsedTime(began));
        await Reunion.MoveAsync(connection, settled.Reassigned, changes.Now, assets, cancellationToken);
    }
}
