using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
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
    AssetResolver identity,
    BlockingKeyFilter knownKeys,
    ContractsLoader evidence,
    SecretRedactor secrets,
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
        await RejectBadPageAsync(run, stream, page, cancellationToken);
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
                await RejectedRecordStore.InsertAsync(connection, run, stream.Name, page, secrets.Redact, cancellationToken);
                await SchemaDriftStore.AddAsync(connection, run, stream.Name, page.Drifts, page.FetchedAt, secrets.Redact, cancellationToken);
                RecordPage(closing, run, stream, page, outcome, readingStartedAt, time.GetUtcNow());
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
                await RejectedRecordStore.DeleteAsync(connection, run.Source, stream.Name, settled, cancellationToken);
                closing.BatchCommands.Add(RunStore.Count(run, page, outcome, pages: 0));
            },
            cancellationToken);

    /// <summary>Adds to a page's transaction what counts it: moves the checkpoint and the run's counts.</summary>
    internal static void RecordPage(
        NpgsqlBatch batch,
        ActiveRun run,
        ISourceStream stream,
        SourcePage page,
        PageOutcome outcome,
        DateTimeOffset readingStartedAt,
        DateTimeOffset now)
    {
        batch.BatchCommands.Add(CheckpointStore.Move(run, stream.Name, page, readingStartedAt, now));
        batch.BatchCommands.Add(RunStore.Count(run, page, outcome, pages: 1));
        if (stream.Kind is RecordKind.Quote)
        {
            batch.BatchCommands.Add(RunStore.Describe(run, page));
        }
    }

    private async Task RefuseDriftAsync(ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        if (page.Drifts.FirstOrDefault(drift => drift.Policy is DriftPolicy.FailRun) is not { } drift)
        {
            return;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LeaseStore.ProveTokenAsync(connection, run.FencingToken, cancellationToken);
        await SchemaDriftStore.AddAsync(connection, run, stream.Name, page.Drifts, page.FetchedAt, secrets.Redact, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        throw new SourceException(
            $"{stream.Name}: {drift} in {drift.Occurrences} records of page {page.Number + 1}, and SchemaDrift:Fields says that this fails the run.");
    }

    private async Task RejectBadPageAsync(ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        var count = page.Records.Count + page.Rejections.Count;
        if (count < MinJudgedPage || page.Rejections.Count <= count * options.Value.MaxRejectedShare)
        {
            return;
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await LeaseStore.ProveTokenAsync(connection, run.FencingToken, cancellationToken);
        await RejectedRecordStore.InsertAsync(connection, run, stream.Name, page, secrets.Redact, cancellationToken);
        await RunStore.CountRecordsAsync(
            connection, run, page, default(PageOutcome) with { Rejected = page.Rejections.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var first = page.Rejections[0];
        throw new SourceException(
            $"{stream.Name}: {page.Rejections.Count} of {count} records of page {page.Number + 1} are bad, so none of it was loaded. The first, "
            + $"number {first.Position}: {secrets.Redact(first.Detail)} rejected_records has them all.");
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
        var known = await FencedTransaction.ReadAsync(connection, run, stream.Kind, [.. newest.Keys.Where(knownKeys.Has)], cancellationToken);
        var changes = new PageChangeSet(run, stream, page, time.GetUtcNow());
        var changed = newest.Where(entry => known.TryGetValue(entry.Key, out var hash) && hash != entry.Value.ContentHash).ToDictionary();
        var fresh = newest.Where(entry => !known.ContainsKey(entry.Key)).ToList();
        ResolutionPlan? plan = null;
        if (fresh.Count + changed.Count > 0)
        {
            plan = await CopyRecordsAsync(connection, changes, fresh, changed, cancellationToken);
        }

        if (changed.Count > 0)
        {
            foreach (var listing in await ListingStore.ReadAsync(connection, [.. changed.Keys], cancellationToken))
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
            CatalogueVersionStore.Move(closing, changes.Now, run.Source, changes.Inserted.Count, assets);
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
    private async Task<ResolutionPlan?> CopyRecordsAsync(
        NpgsqlConnection connection,
        PageChangeSet changes,
        List<KeyValuePair<Guid, SourceRecord>> fresh,
        Dictionary<Guid, SourceRecord> changed,
        CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync("raw_records", [changes.FetchedAt], cancellationToken);

        // Where nothing but new listings is in the page, nothing else in it has a say in which assets they are of.
        var inserting = Task.Run(() => Insert(changes, fresh), cancellationToken);
        var planning = changed.Count == 0 ? LookAheadAsync() : Task.FromResult<ResolutionPlan?>(null);
        var copying = CopyAsync();
        await Task.WhenAll(inserting, planning, copying);
        telemetry.WaitedForIdentity(changes.Run.Source, time.GetElapsedTime(await copying));
        return await planning;

        async Task<long> CopyAsync()
        {
            await RawRecordStore.InsertAsync(connection, changes.Run, changes.Stream, changes.FetchedAt, [.. fresh, .. changed], cancellationToken);
            await inserting;
            if (changed.Count == 0)
            {
                await InsertQuotesAsync(connection, changes, cancellationToken);
            }

            return time.GetTimestamp();
        }

        async Task<ResolutionPlan?> LookAheadAsync()
        {
            var began = time.GetTimestamp();
            var plan = await identity.LookAheadAsync(changes.Run.FencingToken, inserting, cancellationToken);
            telemetry.IdentityDecidedAhead(changes.Run.Source, time.GetElapsedTime(began));
            return plan;
        }
    }

    /// <summary>Inserts what new listings are quoted at. Partitions come first, also for the quotes of others: to make one waits for whoever has written quotes.</summary>
    private async Task InsertQuotesAsync(NpgsqlConnection connection, PageChangeSet changes, CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync("quotes", changes.Quotes.Concat(changes.LaterQuotes).Select(quote => quote.QuotedAt), cancellationToken);
        await QuoteStore.InsertAsync(connection, changes.Quotes, cancellationToken);
    }

    /// <summary>Takes new records over.</summary>
    /// <returns>The listings to decide about; null where the page names contracts.</returns>
    private static IReadOnlyCollection<PageListing>? Insert(PageChangeSet changes, List<KeyValuePair<Guid, SourceRecord>> fresh)
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
        NpgsqlConnection connection, PageChangeSet changes, ResolutionPlan? plan, AssetChanges assets, CancellationToken cancellationToken)
    {
        var moved = await TokenContractStore.ReplaceAsync(connection, changes.Run.Source, changes.Contracts, isWhole: true, cancellationToken);
        if (changes.Renamed.Count > 0)
        {
            await PriceAgreementStore.ForgetAsync(connection, [.. changes.Renamed], cancellationToken);
        }

        var began = time.GetTimestamp();
        var resolution = plan is not null ? await identity.ApplyAsync(connection, plan, cancellationToken)
            : changes.Reidentified.Count == 0 ? ResolutionOutcome.None
            : await identity.ResolveAsync(
                connection, changes.Run.FencingToken, changes.Reidentified, changes.FormerKeys, moved, others: [], cancellationToken);
        telemetry.WaitedForIdentity(changes.Run.Source, time.GetElapsedTime(began));
        var reassigned = resolution.Reassigned;
        await ListingStore.InsertAsync(connection, changes.Inserted, cancellationToken);
        if (changes.Updated.Count > 0)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { ListingStore.Update(changes.Updated) } };
            if (changes.LaterQuotes.Count > 0)
            {
                batch.BatchCommands.Add(QuoteStore.Upsert(changes.LaterQuotes));
            }

            await batch.ExecuteNonQueryAsync(cancellationToken);
        }

        if (reassigned.Count > 0)
        {
            await ListingStore.ReassignAsync(connection, reassigned, cancellationToken);
        }

        // A new listing that founds an asset which nobody else joined: its asset is the listing itself, and needs no recomputing.
        var shared = changes.Listings.Where(listing => listing.AssetId != listing.ListingId).Select(listing => listing.AssetId)
            .Concat(reassigned.Select(change => change.AssetId)).ToHashSet();
        var founders = changes.Inserted.Where(listing => listing.AssetId == listing.ListingId && !shared.Contains(listing.AssetId)).ToList();
        await AssetStore.InsertAsync(connection, founders, cancellationToken);

        var former = changes.FormerAssets().Concat(reassigned.Select(change => change.FormerAssetId)).ToHashSet();
        shared.UnionWith(changes.Updated.Select(listing => listing.AssetId));
        shared.UnionWith(former);
        assets.Add(founders.Count(founder => founder.IsActive), founders.Select(founder => founder.AssetId));
        if (shared.Count > 0)
        {
            await AssetStore.RecomputeAsync(connection, [.. shared], [.. former], changes.Now, assets, cancellationToken);
        }

        await ComparePricesAsync(connection, changes, resolution, assets, cancellationToken);
    }

    /// <summary>Lets the page's quotes speak for or against merges.</summary>
    private async Task ComparePricesAsync(
        NpgsqlConnection connection, PageChangeSet changes, ResolutionOutcome resolution, AssetChanges assets, CancellationToken cancellationToken)
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

        var undecided = await PriceAgreementStore.MeasureAsync(connection, quoted, changes.Now, cancellationToken);
        if (undecided.Count == 0)
        {
            return;
        }

        var began = time.GetTimestamp();
        var settled = await identity.ResolveAsync(
            connection, changes.Run.FencingToken, listings: [], formerKeys: [], moved: [], undecided, cancellationToken);
        telemetry.WaitedForIdentity(changes.Run.Source, time.GetElapsedTime(began));
        await AssetReassigner.MoveAsync(connection, settled.Reassigned, changes.Now, assets, cancellationToken);
    }
}
