using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Http;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>Loads one page of contracts in one transaction, and decides anew about the listings that they speak of.</summary>
internal sealed class ContractsLoader(NpgsqlDataSource dataSource, AssetResolver identity, SecretRedactor secrets, TimeProvider time)
{
    /// <summary>Commits the page. It makes no listings: evidence for one that is not known yet waits for it.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    public async Task<PageOutcome> LoadAsync(
        ActiveRun run, ISourceStream stream, SourcePage page, DateTimeOffset readingStartedAt, CancellationToken cancellationToken)
    {
        var named = new Dictionary<Guid, HashSet<TokenContract>>();
        foreach (var record in page.Records)
        {
            var listingId = StableId.ForListing(run.Source, record.ExternalId);
            if (!named.TryGetValue(listingId, out var contracts))
            {
                named.Add(listingId, contracts = []);
            }

            contracts.UnionWith(record.Contracts ?? []);
        }

        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FencedTransaction.ProveAsync(connection, run.FencingToken, cancellationToken);
        var changed = await TokenContractStore.ReplaceAsync(connection, run.Source, named, isWhole: false, cancellationToken);
        long? version = null;
        if (changed.Count > 0)
        {
            Guid[] listingIds = [.. changed.Select(row => row.ListingId).Distinct()];
            var resolution = await identity.ResolveAsync(
                connection, run.FencingToken, listings: [], formerKeys: [], changed, listingIds, cancellationToken);
            version = await AssetReassigner.ApplyAsync(connection, run.Source, resolution.Reassigned, time.GetUtcNow(), cancellationToken);
        }

        var changedIds = changed.Select(row => row.ListingId).ToHashSet();
        var updated = page.Records.Count(record => changedIds.Contains(StableId.ForListing(run.Source, record.ExternalId)));
        var outcome = new PageOutcome(0, updated, page.Records.Count - updated, 0, page.Rejections.Count, version);
        await RejectedRecordStore.InsertAsync(connection, run, stream.Name, page, secrets.Redact, cancellationToken);
        await using var closing = new NpgsqlBatch(connection);
        PageLoader.RecordPage(closing, run, stream, page, outcome, readingStartedAt, time.GetUtcNow());
        await closing.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return outcome;
    }
}
