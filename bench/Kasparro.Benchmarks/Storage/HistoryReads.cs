using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using Kasparro.Data;

namespace Kasparro.Benchmarks.Storage;

/// <summary>Measures reads of data that has not been read before.</summary>
internal sealed class HistoryReads(BenchDatabase database, int assets, DateOnly last)
{
    private const int Rounds = 5;
    private const int Charts = 400;
    private const int MarketDays = 9;
    private const int DaysOfChart = 365;

    /// <summary>The number of passes that a page survives in PostgreSQL's buffers; one more evicts it.</summary>
    private const int MaxUsageCount = 5;

    /// <summary>Creates rows that fill PostgreSQL's buffers, one on each page.</summary>
    private const string FillerSql = """
        CREATE UNLOGGED TABLE filler (id bigint PRIMARY KEY, pad text NOT NULL);
        ALTER TABLE filler ALTER pad SET STORAGE PLAIN;
        INSERT INTO filler
        SELECT n, repeat('x', 5000) FROM generate_series(1, (SELECT setting::bigint FROM pg_settings WHERE name = 'shared_buffers')) AS n
        """;

    /// <summary>The milliseconds of a chart of one year and one asset: the 99th percentile of each round.</summary>
    public Series YearP99 { get; } = new();

    /// <summary>The milliseconds of such a chart: the median of each round.</summary>
    public Series YearMedian { get; } = new();

    /// <summary>The milliseconds of the candles of all assets on one day.</summary>
    public Series MarketDay { get; } = new();

    /// <summary>Whether the system's page cache could be emptied before the reads.</summary>
    public bool IsCacheEmptied { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var random = new Random(20_261_128);
        int[] order = [.. Enumerable.Range(0, assets)];
        random.Shuffle(order);
        await database.ExecuteAsync(FillerSql, cancellationToken);
        await database.ExecuteAsync("CHECKPOINT", cancellationToken);
        foreach (var round in order.Chunk(Math.Min(Charts, Math.Max(1, assets / Rounds))).Take(Rounds))
        {
            await AwaitAutovacuumAsync(cancellationToken);
            await EmptyBuffersAsync(cancellationToken);
            IsCacheEmptied = await TryEmptyCacheAsync(cancellationToken);
            await ReadAsync([Guid.Empty], last, last.AddDays(1), cancellationToken); // A session caches its first lookups.
            var charts = new Series();
            foreach (var asset in round)
            {
                charts.Add(await ReadAsync([QuoteLoad.GetListing(asset)], last.AddDays(-DaysOfChart), last, cancellationToken));
            }

            double[] sorted = [.. charts.Values.Order()];
            YearP99.Add(sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1]);
            YearMedian.Add(charts.Median);
        }

        for (var n = 0; n < MarketDays; n++)
        {
            var day = last.AddDays(-1 - random.Next(DaysOfChart));
            MarketDay.Add(await ReadAsync(null, day, day.AddDays(1), cancellationToken));
        }
    }

    /// <summary>Waits for autovacuum, which processes a load for minutes, on the disk that is measured here.</summary>
    private async Task AwaitAutovacuumAsync(CancellationToken cancellationToken)
    {
        using var again = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await database.ScalarAsync<bool>(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker' AND datname = current_database())",
            cancellationToken))
        {
            await again.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Empties the buffers, from which rows of a load would otherwise be read: a smaller share of them, the larger the load was.
    /// </summary>
    private async Task EmptyBuffersAsync(CancellationToken cancellationToken)
    {
        for (var n = 0; n <= MaxUsageCount; n++)
        {
            // By the index, since a sequential scan of a whole table only uses a few buffers.
            await database.ExecuteAsync(
                """
                BEGIN;
                SET LOCAL enable_seqscan = off;
                SET LOCAL enable_bitmapscan = off;
                SELECT count(pad) FROM filler WHERE id > 0;
                COMMIT
                """,
                cancellationToken);
        }
    }

    /// <summary>Empties the page cache if the system allows it, which requires an administrator.</summary>
    private static async Task<bool> TryEmptyCacheAsync(CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllTextAsync("/proc/sys/vm/drop_caches", "1", cancellationToken);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private async Task<double> ReadAsync(Guid[]? listings, DateOnly first, DateOnly until, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        await using var command = database.Connections.CreateCommand("SELECT * FROM daily_candles_between($1, $2, $3)");
        command.Parameters.AddValues(
        [
            NullableParameters.From(listings, NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Uuid), first, until,
        ]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _ = reader.GetDateTime(1);
        }

        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
    }
}
