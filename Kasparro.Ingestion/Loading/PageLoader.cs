using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Loads one page in one transaction: listings, raw records, quotes, assets, counts, checkpoint and run, or nothing at all. Unchanged
/// records cost one indexed read; new ones are written by COPY, changed ones by one statement with array parameters.
/// </summary>
internal sealed partial class PageLoader(
    NpgsqlDataSource dataSource,
    Partitions partitions,
    AssetResolver resolver,
    CompletenessCheck completeness,
    SecretRedactor secrets,
    IngestionTelemetry telemetry,
    IOptions<LoadingOptions> options,
    TimeProvider time,
    ILogger<PageLoader> logger)
{
    /// <summary>Smaller pages are not representative: the last page of a list may have a single record, and that may be bad.</summary>
    private const int MinJudgedPage = 20;

    /// <summary>Loads a page and commits it.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    /// <exception cref="SourceException">Too many of the page's records are bad (only these were stored), a field drifted whose policy is
    /// to fail the run, or most prices are gone (only the drift was stored).</exception>
    public async Task<PageOutcome> LoadAsync(
        Reading reading, ISourceStream stream, SourcePage page, DateTimeOffset readingStartedAt, CancellationToken cancellationToken)
    {
        await RejectBadPageAsync(reading.Run, stream, page, cancellationToken);
        var reason = FindFatalDrift(page) ?? await completeness.FindLossOfPricesAsync(stream, page, cancellationToken);
        await RefuseAsync(reading.Run, stream, page, reason, cancellationToken);
        return await CommitAsync(new(reading, stream, page, readingStartedAt, Replayed: null), cancellationToken);
    }

    /// <summary>Loads records that had been rejected, and removes them from <c>rejected_records</c>; no checkpoint moves.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    /// <exception cref="SourceException">A field drifted, and its policy is to fail the run; only the drift was stored.</exception>
    public async Task<PageOutcome> ReplayAsync(
        ActiveRun run, ISourceStream stream, SourcePage page, IReadOnlyCollection<Guid> settled, CancellationToken cancellationToken)
    {
        await RefuseAsync(run, stream, page, FindFatalDrift(page), cancellationToken);
        return await CommitAsync(new(new Reading(run), stream, page, page.FetchedAt, settled), cancellationToken);
    }

    /// <summary>The steps of every page: begin, match, resolve, write, record, commit.</summary>
    private async Task<PageOutcome> CommitAsync(PageLoad load, CancellationToken cancellationToken)
    {
        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, load.Run.FencingToken, cancellationToken);
        var (changes, duplicates) = await MatchAsync(transaction.Connection, load, cancellationToken);
        var reassigned = await ResolveAsync(transaction.Connection, changes, cancellationToken);
        var written = await PageWriter.WriteAsync(transaction.Connection, load.Stream.Name, changes, reassigned, cancellationToken);
        var outcome = CreateOutcome(load, changes, duplicates, written);
        var hasNewRates = load.Page.Rates.Count > 0
            && await ExchangeRateStore.InsertAsync(transaction.Connection, load.Page.FetchedAt, load.Page.Rates, cancellationToken);
        var hasChanged = hasNewRates
            || (load.Stream.Kind is not RecordKind.Platform
                && outcome.Inserted + outcome.Updated + reassigned.Count + changes.MovedContracts.Count > 0);
        var version = await RecordAsync(transaction.Connection, load, changes, written, outcome, hasChanged, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome with { CatalogueVersion = version };
    }

    /// <summary>Matches the page's records with the known listings, and creates the partitions that its rows need.</summary>
    private async Task<(PageChangeSet Changes, int Duplicates)> MatchAsync(
        NpgsqlConnection connection, PageLoad load, CancellationToken cancellationToken)
    {
        var changes = new PageChangeSet(load.Run, load.Stream.Kind, load.Stream.KeepsEveryQuote, load.Page.FetchedAt, time.GetUtcNow());
        var duplicates = 0;
        if (load.Stream.Kind is RecordKind.Platform)
        {
            changes.Platforms.UnionWith(await UpstreamPlatformStore.UpsertAsync(connection, load.Run.Source, load.Page, cancellationToken));
        }
        else if (load.Stream.Kind is RecordKind.Evidence)
        {
            await MatchContractsAsync(connection, load, changes, cancellationToken);
        }
        else
        {
            duplicates = await MatchRecordsAsync(connection, load, changes, cancellationToken);
        }

        // Separate connections create them, which wait for transactions that have written quotes; this one has not written any yet.
        await partitions.EnsureAsync(Partitions.Quotes, changes.QuoteTimes, cancellationToken);
        if (changes.Raw.Count + changes.Late.Count > 0)
        {
            await partitions.EnsureAsync(Partitions.RawPages, [changes.FetchedAt], cancellationToken);
        }

        return (changes, duplicates);
    }

    private async Task<int> MatchRecordsAsync(
        NpgsqlConnection connection, PageLoad load, PageChangeSet changes, CancellationToken cancellationToken)
    {
        var records = PageRecords.From(load.Stream.Kind, load.Page.Records);
        var known = await ListingStore.ReadKnownAsync(connection, load.Stream.Kind, [.. records.Newest.Keys], cancellationToken);
        var changed = new Dictionary<Guid, SourceRecord>();
        foreach (var (listingId, record) in records.Newest)
        {
            if (!known.TryGetValue(listingId, out var listing))
            {
                changes.Insert(record);
            }
            else if (listing.WasMissed || (listing.Hash != record.ContentHash && !changes.IsEarlier(record, listing.QuotedAt)))
            {
                changed.Add(listingId, record);
            }
            else if (listing.Hash != record.ContentHash)
            {
                changes.AddLate(record);
            }
        }

        foreach (var record in records.Earlier)
        {
            if (known.ContainsKey(record.ListingId))
            {
                changes.AddEarlier(record);
            }
            else
            {
                changes.AddFirst(record);
            }
        }

        if (changed.Count > 0)
        {
            foreach (var listing in await ListingStore.ReadAsync(connection, [.. changed.Keys], cancellationToken))
            {
                changes.Update(listing, changed[listing.ListingId]);
            }
        }

        if (changes.Contracts.Count > 0)
        {
            // Those of unchanged listings as well, by whose number those that the page lacks are judged.
            var named = records.Newest.Where(entry => entry.Value.Contracts is not null).ToDictionary(
                entry => entry.Key, entry => changes.Contracts.GetValueOrDefault(entry.Key) ?? [.. entry.Value.Contracts!]);
            var before = await TokenContractStore.ReadAsync(connection, [.. named.Keys], cancellationToken);
            var areKept = !IsPlausible(load.Run.Source, "any platform", named, before);
            var moved = areKept ? named.Values.SelectMany(contracts => contracts).ToHashSet() : [];
            await MoveContractsAsync(
                connection, changes, named, before, (_, contract) => areKept && !moved.Contains(contract), cancellationToken);
        }

        return records.Duplicates;
    }

    /// <summary>Matches a page of contracts. It creates no listings: contracts of unknown listings are stored until these arrive.</summary>
    private async Task MatchContractsAsync(
        NpgsqlConnection connection, PageLoad load, PageChangeSet changes, CancellationToken cancellationToken)
    {
        foreach (var record in load.Page.Records)
        {
            if (!changes.Contracts.TryGetValue(record.ListingId, out var contracts))
            {
                changes.Contracts.Add(record.ListingId, contracts = []);
            }

            contracts.UnionWith(record.Contracts ?? []);
        }

        var platforms = changes.Contracts.Values.SelectMany(contracts => contracts).Select(contract => contract.Platform)
            .Append(load.Page.WholePlatform).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var platform in platforms)
        {
            await MatchPlatformAsync(connection, load, changes, platform, cancellationToken);
        }

        changes.Others.UnionWith(changes.MovedContracts.Select(moved => moved.ListingId));
    }

    /// <summary>Updates the contracts on one platform from the page, to the extent that the page is plausible.</summary>
    private async Task MatchPlatformAsync(
        NpgsqlConnection connection, PageLoad load, PageChangeSet changes, string platform, CancellationToken cancellationToken)
    {
        var named = changes.Contracts.ToDictionary(
            entry => entry.Key, entry => entry.Value.Where(contract => contract.Platform == platform).ToHashSet());
        var before = await TokenContractStore.ReadAsync(connection, load.Run.Source, platform, cancellationToken);
        var gone = await FindGoneAsync(connection, load.Reading, before, named, cancellationToken);
        var mayRetract = platform == load.Page.WholePlatform
            && load.Page.Rejections.All(rejection => rejection.ExternalId is not null)
            && IsPlausible(load.Run.Source, platform, named, before.Where(entry => !gone.Contains(entry.Key)).ToList());

        // A contract that the source now names for another listing was corrected, even if the page may lack other contracts.
        var moved = named.Values.SelectMany(contracts => contracts).ToHashSet();
        var unreadable = load.Page.Rejections
            .Select(rejection => StableId.ForListing(load.Run.Source, rejection.ExternalId ?? "")).ToHashSet();
        await MoveContractsAsync(connection, changes, named, before, IsSpared, cancellationToken);

        bool IsSpared(Guid listingId, TokenContract contract) => gone.Contains(listingId)
            || (!moved.Contains(contract) && (!mayRetract || unreadable.Contains(listingId)));
    }

    /// <summary>Whether the known contracts of a platform that the page lacks are few enough not to be an outage.</summary>
    private bool IsPlausible(
        string source,
        string platform,
        Dictionary<Guid, HashSet<TokenContract>> named,
        IReadOnlyCollection<KeyValuePair<Guid, HashSet<TokenContract>>> known)
    {
        var retracted = known.Sum(entry => entry.Value.Except(named.GetValueOrDefault(entry.Key, [])).Count());
        if (Absence.IsPlausible(known.Sum(entry => entry.Value.Count), retracted))
        {
            return true;
        }

        Log.TooManyRetracted(logger, source, platform, retracted);
        return false;
    }

    /// <summary>
    /// Finds the listings that lose a contract and that their source no longer has. They keep the contract, since it leads to their new id.
    /// </summary>
    private static async Task<HashSet<Guid>> FindGoneAsync(
        NpgsqlConnection connection,
        Reading reading,
        Dictionary<Guid, HashSet<TokenContract>> before,
        Dictionary<Guid, HashSet<TokenContract>> named,
        CancellationToken cancellationToken)
    {
        var losing = before.Where(entry => !entry.Value.IsSubsetOf(named.GetValueOrDefault(entry.Key, []))).Select(entry => entry.Key)
            .ToArray();
        var gone = losing.Length == 0 ? [] : await ListingStore.FindGoneAsync(connection, losing, cancellationToken);
        gone.UnionWith(losing.Where(reading.Lacks));
        return gone;
    }

    /// <summary>Writes the differences between the contracts before and those on the page, and notes which contracts moved.</summary>
    private static async Task MoveContractsAsync(
        NpgsqlConnection connection,
        PageChangeSet changes,
        IReadOnlyDictionary<Guid, HashSet<TokenContract>> named,
        IReadOnlyDictionary<Guid, HashSet<TokenContract>> before,
        Func<Guid, TokenContract, bool> isSpared,
        CancellationToken cancellationToken)
    {
        var added = Difference(named, before).ToList();
        var removed = Difference(before, named).Where(row => !isSpared(row.ListingId, row.Contract)).ToList();
        await TokenContractStore.WriteAsync(connection, changes.Run.Source, added, removed, cancellationToken);
        changes.MovedContracts.AddRange(added);
        changes.MovedContracts.AddRange(removed);

        static IEnumerable<(Guid ListingId, TokenContract Contract)> Difference(
            IReadOnlyDictionary<Guid, HashSet<TokenContract>> from, IReadOnlyDictionary<Guid, HashSet<TokenContract>> other) =>
            from.SelectMany(entry => entry.Value.Where(contract => !other.TryGetValue(entry.Key, out var has) || !has.Contains(contract))
                .Select(contract => (entry.Key, contract)));
    }

    private async Task<IReadOnlyList<Reassignment>> ResolveAsync(
        NpgsqlConnection connection, PageChangeSet changes, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var reassigned = await resolver.ResolveAsync(connection, changes, cancellationToken);
        telemetry.Resolved(changes.Run.Source, time.GetElapsedTime(began));
        return reassigned;
    }

    private static PageOutcome CreateOutcome(PageLoad load, PageChangeSet changes, int duplicates, PageWritten written)
    {
        var moved = changes.MovedContracts.Select(contract => contract.ListingId).ToHashSet();
        var updated = load.Stream.Kind switch
        {
            RecordKind.Evidence => load.Page.Records.Count(record => moved.Contains(record.ListingId)),
            RecordKind.Platform => load.Page.Records.Count(record => changes.Platforms.Contains(record.ExternalId)),
            _ => changes.Updated.Count + changes.EarlierOfNew + changes.Earlier.Count(written.LaterQuotes.Contains),
        };
        return new(
            changes.Inserted.Count,
            updated,
            load.Page.Records.Count - changes.Inserted.Count - updated - duplicates,
            duplicates,
            load.Page.Rejections.Count,
            CatalogueVersion: null);
    }

    /// <summary>Records rejections, drifts, the catalogue's version, logo URLs, the checkpoint and the run's counts.</summary>
    /// <returns>The catalogue's new version, or null if nothing changed.</returns>
    private async Task<long?> RecordAsync(
        NpgsqlConnection connection,
        PageLoad load,
        PageChangeSet changes,
        PageWritten written,
        PageOutcome outcome,
        bool hasChanged,
        CancellationToken cancellationToken)
    {
        var (run, stream, page) = (load.Run, load.Stream, load.Page);
        await SchemaDriftStore.AddAsync(connection, run, stream.Title, page.Drifts, page.FetchedAt, secrets.Redact, cancellationToken);
        await using var closing = new NpgsqlBatch(connection);
        LogoStore.Note(closing, changes.Raw, changes.Now);
        if (hasChanged)
        {
            CatalogueVersionStore.Move(closing, changes.Now, run.Source, changes.Inserted.Count, written.Assets);
        }
        else if (page.Rejections.Count == 0)
        {
            // Nothing depends on this commit being durable: if the server crashes before it is on disk, the page is read again. The next
            // synchronous commit flushes this one as well.
            closing.BatchCommands.Add(new("SET LOCAL synchronous_commit = off"));
        }

        if (load.Replayed is { } replayed)
        {
            await RejectedRecordStore.DeleteAsync(connection, run.Source, stream.Name, replayed, cancellationToken);
        }
        else
        {
            await RejectedRecordStore.InsertAsync(connection, run, stream.Name, stream.Title, page, secrets.Redact, cancellationToken);
            closing.BatchCommands.Add(CheckpointStore.Move(run, stream.Name, page, load.ReadingStartedAt, changes.Now));
        }

        var isOfSource = load.Replayed is null;
        closing.BatchCommands.Add(RunStore.Count(
            run, outcome, isOfSource ? 1 : 0, RunStore.LastExternalId(page),
            [.. changes.FirstQuotes.Select(quote => quote.QuotedAt), .. written.LaterQuotes.Select(quote => quote.QuotedAt)],
            isOfSource && stream.Kind is RecordKind.Quote ? page : null));

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

    private static string? FindFatalDrift(SourcePage page) =>
        page.Drifts.FirstOrDefault(drift => drift.Policy is DriftPolicy.FailRun) is { } drift
            ? $"{drift} in {drift.Occurrences} records of page {page.Number + 1}, and SchemaDrift:Fields says that this fails the run."
            : null;

    /// <summary>Fails the run if there is a reason to; of the page, only its drifts are stored.</summary>
    private async Task RefuseAsync(
        ActiveRun run, ISourceStream stream, SourcePage page, string? reason, CancellationToken cancellationToken)
    {
        if (reason is not null)
        {
            await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, run.FencingToken, cancellationToken);
            await SchemaDriftStore.AddAsync(
                transaction.Connection, run, stream.Title, page.Drifts, page.FetchedAt, secrets.Redact, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            throw new SourceException($"{stream.Title}: {reason}");
        }
    }

    private async Task RejectBadPageAsync(ActiveRun run, ISourceStream stream, SourcePage page, CancellationToken cancellationToken)
    {
        var count = page.Records.Count + page.Rejections.Count;

        // If no record has an id, this is not a list of coins; it would pass for a short page, which ends the stream.
        var isNoList = stream.Map is not null && count > 0 && page.Records.Count == 0
            && page.Rejections.All(
                rejection => rejection is { ExternalId: null, Reason: RejectionReason.MissingField or RejectionReason.WrongType });
        if (!isNoList && (count < MinJudgedPage || page.Rejections.Count <= count * options.Value.MaxRejectedShare))
        {
            return;
        }

        await using var transaction = await FencedTransaction.BeginPageAsync(dataSource, run.FencingToken, cancellationToken);
        await RejectedRecordStore.InsertAsync(
            transaction.Connection, run, stream.Name, stream.Title, page, secrets.Redact, cancellationToken);
        await RunStore.CountRecordsAsync(
            transaction.Connection, run, page, new PageOutcome { Rejected = page.Rejections.Count }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        var first = page.Rejections[0];
        throw new SourceException(
            $"{stream.Title}: {page.Rejections.Count} of {count} records of page {page.Number + 1} are bad, so none of it was loaded. The "
            + $"first, number {first.Position}: {secrets.Redact(first.Detail)} rejected_records has them all.");
    }

    /// <summary>A page that is being loaded.</summary>
    /// <param name="Reading">The run that the page is loaded for, and the listings it has seen so far.</param>
    /// <param name="Stream">The stream that the page belongs to.</param>
    /// <param name="Page">The page.</param>
    /// <param name="ReadingStartedAt">When the reading of the stream began.</param>
    /// <param name="Replayed">The rejected records that are replayed, or null for a page from the source.</param>
    private sealed record PageLoad(
        Reading Reading, ISourceStream Stream, SourcePage Page, DateTimeOffset ReadingStartedAt, IReadOnlyCollection<Guid>? Replayed)
    {
        public ActiveRun Run => Reading.Run;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Source}: {Count} contracts on {Platform} are missing, more than half of them: they are kept.")]
        public static partial void TooManyRetracted(ILogger logger, string source, string platform, int count);
    }
}
