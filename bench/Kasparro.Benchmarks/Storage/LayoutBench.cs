using System.Globalization;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using Kasparro.Data;

namespace Kasparro.Benchmarks.Storage;

/// <summary>
/// Measures a catalogue with years of daily candles and a number of ten-minute quotes: its size, and the speed of writes and reads.
/// </summary>
internal sealed class LayoutBench(BenchArguments arguments, int size)
{
    /// <summary>The number of loads that are timed, the last ones.</summary>
    private const int Rounds = 3;

    /// <summary>The maximum number of quotes of a timed load.</summary>
    private const int Timed = 1_000_000;

    private const int MaxQuoted = 2_000;

    private readonly int _quoted = Math.Min(arguments.Assets, MaxQuoted);

    public int Size => size;

    /// <summary>The number of days that the quotes are spread over.</summary>
    public double Days => size / (_quoted * 144.0);

    /// <summary>The bytes of each table, with <see cref="SizedQuotes"/> quotes, before rows were deleted for COPY.</summary>
    public IReadOnlyDictionary<string, long> Tables { get; private set; } = new Dictionary<string, long>();

    public int SizedQuotes { get; private set; }

    public long DailyCandles { get; private set; }

    /// <summary>The quotes per second of the product, which upserts them in pages and rolls them up into candles.</summary>
    public Series Product { get; } = new();

    /// <summary>
    /// The quotes per second of a COPY of the same rows, of quotes and candles, into the tables from which they were deleted.
    /// </summary>
    public Series Copy { get; } = new();

    public HistoryReads? Reads { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_storage", cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis);
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        var steps = Math.Max(1, size / _quoted);
        var from = new DateTimeOffset(today, TimeSpan.Zero) - (steps * QuoteLoad.Step);
        await WriteDaysAsync(database, DateOnly.FromDateTime(from.UtcDateTime), cancellationToken);
        Tell("daily candles are there");

        var load = new QuoteLoad(database, pipeline, _quoted, from);
        var timed = Math.Min(steps / (2 * Rounds), Timed / _quoted);
        var firstTimed = steps - (Rounds * timed);
        await load.WriteAsync(0, firstTimed, areNew: true, cancellationToken);
        Tell("quotes are there");

        await database.SettleAsync(cancellationToken);
        SizedQuotes = firstTimed * _quoted;
        Tables = await TableSizes.ReadAsync(database, cancellationToken);
        DailyCandles = await database.ScalarAsync<long>(
            "SELECT sum(cardinality(array_remove(quotes, NULL)))::bigint FROM daily_candles", cancellationToken);
        for (var first = firstTimed; first < steps; first += timed)
        {
            var (runId, took) = await load.WriteAsync(first, timed, areNew: false, cancellationToken);
            var rows = timed * _quoted;
            Product.Add(rows / took.TotalSeconds);
            Copy.Add(rows / (await CopyAsync(database, runId, from + (first * QuoteLoad.Step), cancellationToken)).TotalSeconds);
            await database.SettleAsync(cancellationToken);
        }

        Tell("rates are measured");

        Reads = new(database, _quoted, DateOnly.FromDateTime(today));
        await Reads.RunAsync(cancellationToken);
        Tell("reads are measured");
    }

    /// <summary>Writes daily candles up to a day in the layout of rolled-up days: month by month, for all listings.</summary>
    private async Task WriteDaysAsync(BenchDatabase database, DateOnly until, CancellationToken cancellationToken)
    {
        Guid[] listings = [.. Enumerable.Range(0, arguments.Assets).Select(QuoteLoad.GetListing)];
        var first = until.AddDays(-arguments.Days);
        for (var month = first.AddDays(1 - first.Day); month < until; month = month.AddMonths(1))
        {
            await using var command = database.Connections.CreateCommand(
                """
                INSERT INTO daily_candles
                SELECT l.listing_id, $2, a.*
                FROM unnest($1::uuid[]) WITH ORDINALITY AS l (listing_id, n)
                CROSS JOIN LATERAL (
                    SELECT array_agg(p), array_agg(p * 1.02), array_agg(p * 0.98), array_agg(p * 1.01), array_agg(p * 1e6),
                           array_agg(p * 4321), array_agg(1), array_agg(0::smallint), array_agg(0::smallint)
                    FROM generate_series($2::timestamp, $3::timestamp, '1 day') AS d (day)
                    CROSS JOIN LATERAL (SELECT l.n * (1 + 0.3 * sin(l.n + date_part('epoch', d.day) / 5e6))) AS price (p)) AS a
                """);
            command.Parameters.AddValues([listings, month, (month.AddMonths(1) < until ? month.AddMonths(1) : until).AddDays(-1)]);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Rewrites the rows of a run with COPY: they are deleted first, and the indexes keep their size.</summary>
    private static async Task<TimeSpan> CopyAsync(
        BenchDatabase database, Guid runId, DateTimeOffset from, CancellationToken cancellationToken)
    {
        (string Table, string Condition)[] written = [
            ("quotes", $"run_id = '{runId}'"),
            ("hourly_candles", string.Create(CultureInfo.InvariantCulture, $"hour >= '{from.UtcDateTime:yyyy-MM-dd HH}:00Z'")),
            ("daily_candles", string.Create(CultureInfo.InvariantCulture, $"month >= '{from.UtcDateTime:yyyy-MM}-01'"))];
        var copy = await CopyCeiling.OfAsync(database, written, cancellationToken);
        foreach (var (table, condition) in written)
        {
            await database.ExecuteAsync($"DELETE FROM {table} WHERE {condition}", cancellationToken);
        }

        await database.SettleAsync(cancellationToken);
        return await copy.CopyAsync(database, cancellationToken);
    }

    private void Tell(string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size:N0} quotes: {what}"));
}
