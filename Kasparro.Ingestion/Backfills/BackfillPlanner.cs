using Kasparro.Data;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Kasparro.Ingestion.Sources;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace Kasparro.Ingestion.Backfills;

/// <summary>Orders the automatic backfills, and divides all backfills into windows.</summary>
internal sealed class BackfillPlanner(
    NpgsqlDataSource dataSource,
    IEnumerable<ISource> sources,
    IEnumerable<IHistorySource> histories,
    IOptions<BackfillOptions> options,
    IOptions<IngestionOptions> ingestion,
    TimeProvider time,
    ILogger<BackfillPlanner> logger)
{
    /// <summary>How often gaps are searched for. They are caused by downtime, so most are found by the first check of a process.</summary>
    private static readonly TimeSpan LookInterval = TimeSpan.FromHours(1);

    private static readonly ColumnMap<BackfillWindow> Columns = new ColumnMap<BackfillWindow>("backfill_windows")
        .Uuid("backfill_id", window => window.BackfillId, isFixed: true)
        .Integer("position", window => window.Position)
        .Uuid("listing_id", window => window.ListingId)
        .Text("source", window => window.Source)
        .Text("external_id", window => window.ExternalId)
        .Time("starts_at", window => window.StartsAt)
        .Time("ends_at", window => window.EndsAt);

    // For each asset, the listing of the most preferred source that provides past prices; active listings come first.
    private const string ListingsSql = """
        SELECT c.listing_id, c.source, c.external_id
        FROM (SELECT DISTINCT ON (asset_id) asset_id, listing_id, source, external_id FROM listings
              WHERE source = ANY ($1) AND (asset_id = ANY ($2) OR ($2 IS NULL AND is_active))
              ORDER BY asset_id, NOT is_active, array_position($1, source), rank NULLS LAST, listing_id) AS c
        JOIN assets a ON a.asset_id = c.asset_id
        ORDER BY a.rank NULLS LAST, a.market_cap_usd DESC NULLS LAST, a.asset_id LIMIT $3
        """;

    private const string FirstStartSql = $"""
        SELECT EXISTS (SELECT FROM backfills WHERE origin = '{BackfillOrigin.FirstStart}'),
               EXISTS (SELECT FROM ingestion_runs WHERE source = ANY ($1) AND quoted > 0 AND status = '{RunStatus.Completed}')
        """;

    private const string GapsSql = $"""
        SELECT last_read, started_at FROM (
            SELECT started_at, lag(coalesce(finished_at, started_at)) OVER (ORDER BY fencing_token) AS last_read FROM ingestion_runs
            WHERE source = $1 AND quoted > 0 AND trigger NOT IN {RunTrigger.NotOfNow} AND started_at >= $2) AS r
        WHERE started_at - last_read > $3 AND NOT EXISTS (
            SELECT FROM backfills b WHERE b.origin = '{BackfillOrigin.Gap}' AND b.source = $1 AND b.starts_at = last_read)
        """;

    private bool _hasStarted;
    private DateTimeOffset _nextLook;

    /// <summary>Orders a backfill of the top-ranked assets after the first completed ingestion, and of gaps.</summary>
    public async Task OrderDueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (options.Value.TopAssets == 0)
        {
            return;
        }

        var names = histories.Select(history => history.Name).ToArray();
        _hasStarted = _hasStarted || await OrderFirstAsync(names, now, cancellationToken);
        if (!options.Value.Gaps || (now < _nextLook && _nextLook - now <= LookInterval))
        {
            return;
        }

        foreach (var name in names)
        {
            foreach (var (from, to) in await FindGapsAsync(name, now, cancellationToken))
            {
                await OrderAsync(BackfillOrigin.Gap, name, from, to, cancellationToken);
            }
        }

        _nextLook = now + LookInterval;
    }

    /// <summary>Divides the waiting backfills into windows.</summary>
    /// <exception cref="StaleFencingTokenException">Another worker has taken over.</exception>
    public async Task PlanAsync(long token, CancellationToken cancellationToken)
    {
        foreach (var backfill in await ReadUnplannedAsync(cancellationToken))
        {
            var listings = await ReadListingsAsync(backfill, cancellationToken);
            var now = time.GetUtcNow();
            var windows = listings.SelectMany(listing => Cut(listing, backfill, now).Select(window => (listing, window)))
                .Select((part, position) => new BackfillWindow
                {
                    BackfillId = backfill.BackfillId,
                    Position = position,
                    ListingId = part.listing.ListingId,
                    Source = part.listing.Source,
                    ExternalId = part.listing.ExternalId,
                    StartsAt = part.window.From,
                    EndsAt = part.window.To,
                })
                .ToList();
            var error = listings.Count == 0 ? "No source with past prices lists any of these assets."
                : windows.Count == 0 ? "The sources' plans (Sources:…:HistoryReach) do not cover that time."
                : null;
            await using var transaction = await FencedTransaction.BeginAsync(dataSource, token, cancellationToken);
            await Columns.CopyAsync(transaction.Connection, windows, cancellationToken);
            await using var plan = new NpgsqlCommand(
                """
                UPDATE backfills SET planned_at = $2, finished_at = CASE WHEN $3 IS NOT NULL THEN $2 END, error = $3
                WHERE backfill_id = $1
                """,
                transaction.Connection);
            plan.Parameters.AddValues([backfill.BackfillId, now, Parameters.Text(error)]);
            await plan.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            BackfillLog.Planned(logger, backfill.BackfillId, windows.Count, listings.Count);
        }
    }

    /// <summary>Orders the backfill of the top-ranked assets once there are any.</summary>
    /// <returns>Whether it has been ordered.</returns>
    private async Task<bool> OrderFirstAsync(string[] names, DateTimeOffset now, CancellationToken cancellationToken)
    {
        bool isOrdered, isReady;
        await using (var command = dataSource.CreateCommand(FirstStartSql))
        {
            command.Parameters.AddValues([names]);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            (isOrdered, isReady) = (reader.GetBoolean(0), reader.GetBoolean(1));
        }

        if (!isOrdered && isReady)
        {
            await OrderAsync(BackfillOrigin.FirstStart, source: null, now.AddDays(-options.Value.Days), now, cancellationToken);
        }

        return isOrdered || isReady;
    }

    private IReadOnlyList<HistoryWindow> Cut(BackfilledListing listing, UnplannedBackfill backfill, DateTimeOffset now)
    {
        var to = backfill.EndsAt < now ? backfill.EndsAt : now;
        return histories.First(history => history.Name == listing.Source).Cut(Second(backfill.StartsAt), Second(to), now);
    }

    private async Task OrderAsync(
        string origin, string? source, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var backfillId = Guid.CreateVersion7(now);
        await using var command = dataSource.CreateCommand(Backfill.InsertSql);
        command.Parameters.AddValues(
        [
            backfillId, origin, NullableParameters.From(value: null, NpgsqlDbType.Array | NpgsqlDbType.Uuid), Parameters.Text(source),
            options.Value.TopAssets, from, to, now, Parameters.Text(null),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
        BackfillLog.Ordered(logger, backfillId, origin, from, to);
    }

    private async Task<List<(DateTimeOffset From, DateTimeOffset To)>> FindGapsAsync(
        string source, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // A source that is read only every few hours has no gap between its readings.
        var interval = sources.Where(read => read.Name == source)
            .SelectMany(read => read.GetStreams(new IngestionRequest(RunTrigger.Schedule, [])))
            .Where(stream => stream.Kind is RecordKind.Quote).Select(stream => stream.MinInterval)
            .Append(ingestion.Value.Interval).Max();
        await using var command = dataSource.CreateCommand(GapsSql);
        command.Parameters.AddValues([source, now.AddDays(-options.Value.Days), 2 * interval]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(
            row => (row.GetFieldValue<DateTimeOffset>(0), row.GetFieldValue<DateTimeOffset>(1)), cancellationToken);
    }

    private async Task<List<UnplannedBackfill>> ReadUnplannedAsync(CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(
            $"""
            SELECT backfill_id, asset_ids, source, top, starts_at, ends_at FROM backfills b
            WHERE {Backfill.IsActive} AND planned_at IS NULL ORDER BY ordered_at
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(
            row => new UnplannedBackfill(
                row.GetGuid(0), row.IsDBNull(1) ? null : row.GetFieldValue<Guid[]>(1), row.GetStringOrNull(2), row.GetFieldValue<int?>(3),
                row.GetFieldValue<DateTimeOffset>(4), row.GetFieldValue<DateTimeOffset>(5)),
            cancellationToken);
    }

    private async Task<List<BackfilledListing>> ReadListingsAsync(UnplannedBackfill backfill, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(ListingsSql);
        command.Parameters.AddValues(
        [
            histories.Select(history => history.Name).Where(name => backfill.Source is null || name == backfill.Source).ToArray(),
            NullableParameters.From(backfill.AssetIds, NpgsqlDbType.Array | NpgsqlDbType.Uuid),
            NullableParameters.From(backfill.Top, NpgsqlDbType.Bigint),
        ]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAllAsync(
            row => new BackfilledListing(row.GetGuid(0), row.GetString(1), row.GetString(2)), cancellationToken);
    }

    private static DateTimeOffset Second(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));
}
