using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Npgsql;

namespace Kasparro.Ingestion.Loading;

/// <summary>
/// Deactivates listings that their source no longer has: those that <see cref="Absence.Limit"/> complete readings in a row lacked and, at
/// once, those whose contract the source now lists under another id. Their next record brings them back, with their id and their asset.
/// </summary>
internal sealed partial class DelistingLoader(
    NpgsqlDataSource dataSource, AssetResolver resolver, TimeProvider time, ILogger<DelistingLoader> logger)
{
    /// <summary>
    /// Counts the listings that a finished reading lacked, and delists those that are gone. Writes nothing if none is missing.
    /// </summary>
    /// <returns>The catalogue's new version, or null if nothing was delisted.</returns>
    /// <exception cref="StaleFencingTokenException">Another worker drew a newer token; nothing was written.</exception>
    public async Task<long?> ApplyAsync(Reading reading, CancellationToken cancellationToken)
    {
        var whole = reading.Whole.ToList();
        if (whole.Count == 0)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var run = reading.Run;
        var missing = new HashSet<Guid>();
        await using var transaction = await FencedTransaction.BeginAsync(dataSource, run.FencingToken, cancellationToken);
        foreach (var (kind, seen) in whole)
        {
            var (known, lacking) = await ListingStore.FindMissingAsync(
                transaction.Connection, run.Source, kind, seen, Absence.Limit, cancellationToken);
            if (!Absence.IsPlausible(known, lacking.Length))
            {
                Log.Implausible(logger, run.Source, lacking.Length, known, kind);
                continue;
            }

            missing.UnionWith(lacking);
            await ListingStore.CountMissesAsync(transaction.Connection, kind, lacking, Absence.Limit, cancellationToken);
        }

        if (missing.Count == 0)
        {
            return null;
        }

        await transaction.PlanByIndexAsync(cancellationToken);
        var version = await DelistAsync(transaction.Connection, run, [.. missing], now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return version;
    }

    private async Task<long?> DelistAsync(
        NpgsqlConnection connection, ActiveRun run, Guid[] missing, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changes = new PageChangeSet(run, RecordKind.Profile, keepsEveryQuote: false, now, now);
        var renamed = await ListingStore.FindRenamedAsync(connection, missing, cancellationToken);
        foreach (var listing in await ListingStore.ReadAsync(connection, missing, cancellationToken))
        {
            var isGone = (listing.ProfileHash is null || listing.ProfileMisses >= Absence.Limit)
                && (listing.QuoteHash is null || listing.QuoteMisses >= Absence.Limit);
            if (listing.DelistedAt is null && (isGone || renamed.Contains(listing.ListingId)))
            {
                changes.Delist(listing);
                var reason = renamed.Contains(listing.ListingId) ? "another id has its contract" : "it is no longer listed";
                Log.Delisted(logger, run.Source, listing.ExternalId, reason);
            }
        }

        if (changes.Updated.Count == 0)
        {
            return null;
        }

        var reassigned = await resolver.ResolveAsync(connection, changes, cancellationToken);
        var written = await PageWriter.WriteAsync(connection, stream: "", changes, reassigned, cancellationToken);
        return await CatalogueVersionStore.MoveAsync(connection, now, run.Source, listingsAdded: 0, written.Assets, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning,
            "{Source}: a reading lacks {Missing} of {Known} listings ({Kind}): it is not believed, and none is delisted.")]
        public static partial void Implausible(ILogger logger, string source, int missing, long known, RecordKind kind);

        [LoggerMessage(LogLevel.Information, "{Source}: {ExternalId} is delisted: {Reason}.")]
        public static partial void Delisted(ILogger logger, string source, string externalId, string reason);
    }
}
