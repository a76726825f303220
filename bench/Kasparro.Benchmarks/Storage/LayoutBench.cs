using System.Globalization;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Benchmarks.Reporting;
using Kasparro.Ingestion.Postgres;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Benchmarks.Storage;

/// <summary>A catalogue with years of daily candles and so many ten-minute quotes: its size, how fast it is written and read.</summary>
internal sealed class LayoutBench(BenchArguments arguments, int size)
{
    /// <summary>Quotes that are timed on their way in: the last ones.</summary>
    private const int Timed = 1_000_000;

    private const int MaxQuoted = 2_000;

    private readonly int _quoted = Math.Min(arguments.Assets, MaxQuoted);

    public int Size => size;

    /// <summary>Days that the quotes are spread over.</summary>
    public double Days => size / (_quoted * 144.0);

    public IReadOnlyDictionary<string, long> Tables { get; private set; } = new Dictionary<string, long>();

    public long DailyCandles { get; private set; }

    /// <summary>Quotes a second by the product's way: upserted in pages, and made candles of.</summary>
    public Series Product { get; } = new();

    /// <summary>The same rows, of quotes and candles, by COPY.</summary>
    public Series Copy { get; } = new();

    /// <summary>The quotes alone by COPY.</summary>
    public Series CopyQuotes { get; } = new();

    public HistoryReads? Reads { get; private set; }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_storage", cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis);
        var today = TimeProvider.System.GetUtcNow().UtcDateTime.Date;
        var steps = Math.Max(1, size / _quoted);
        var from = new DateTimeOffset(today, TimeSpan.Zero) - (steps * TimeSpan.FromMinutes(10));
        await WriteDaysAsync(database, DateOnly.FromDateTime(from.UtcDateTime), cancellationToken);
        Tell("daily candles are there");

        var load = new QuoteLoad(database, pipeline, _quoted, from);
        var timed = Math.Min(steps, Timed / _quoted);
        if (steps > timed)
        {
            await load.WriteAsync(0, steps - timed, areNew: true, cancellationToken);
            Tell("quotes are there");
        }

        await database.SettleAsync(cancellationToken);
        var (runId, took) = await load.WriteAsync(steps - timed, timed, areNew: false, cancellationToken);
        var rows = timed * _quoted;
        Product.Add(rows / took.TotalSeconds);
        await CopyAsync(database, runId, from + ((steps - timed) * TimeSpan.FromMinutes(10)), rows, cancellationToken);
        Tell("rates are measured");

        await database.SettleAsync(cancellationToken);
        Tables = await TableSizes.ReadAsync(database, cancellationToken);
        DailyCandles = await database.ScalarAsync<long>(
            "SELECT sum(cardinality(array_remove(quotes, NULL)))::bigint FROM daily_candles", cancellationToken);
        Reads = new(database, _quoted, DateOnly.FromDateTime(today));
        await Reads.RunAsync(cancellationToken);
        Tell("reads are measured");
    }

    /// <summary>Daily candles up to a day, as rolled-up history leaves them.</summary>
    private async Task WriteDaysAsync(BenchDatabase database, DateOnly until, CancellationToken cancellationToken)
    {
        await using var command = database.Connections.CreateCommand(
            """
            INSERT INTO daily_candles
            SELECT l.listing_id, m.month::date, a.*
            FROM unnest($1::uuid[]) WITH ORDINALITY AS l (listing_id, n)
            CROSS JOIN generate_series(date_trunc('month', $2::timestamp), $3::timestamp, '1 month') AS m (month)
            CROSS JOIN LATERAL (
                SELECT array_agg(p), array_agg(p * 1.02), array_agg(p * 0.98), array_agg(p * 1.01), array_agg(p * 1e6), array_agg(p * 4321),
                       array_agg(1), array_agg(0::smallint), array_agg(0::smallint)
                FROM generate_series(m.month, least(m.month + interval '1 month', $3::timestamp) - interval '1 day', '1 day') AS d (day)
                CROSS JOIN LATERAL (SELECT l.n * (1 + 0.3 * sin(l.n + date_part('epoch', d.day) / 5e6))) AS price (p)) AS a
            WHERE m.month < $3::timestamp
            """);
        Guid[] listings = [.. Enumerable.Range(0, arguments.Assets).Select(QuoteLoad.ListingOf)];
        command.Parameters.Add(new() { Value = listings });
        command.Parameters.Add(new() { Value = until.AddDays(-arguments.Days) });
        command.Parameters.Add(new() { Value = until });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows that a run wrote, by COPY into a database of their own.</summary>
    private async Task CopyAsync(
        BenchDatabase database, Guid runId, DateTimeOffset from, int rows, CancellationToken cancellationToken)
    {
        var quotes = ("quotes", $"run_id = '{runId}'");
        var hours = ("hourly_candles", string.Create(CultureInfo.InvariantCulture, $"hour >= '{from.UtcDateTime:yyyy-MM-dd HH}:00Z'"));
        var days = ("daily_candles", string.Create(CultureInfo.InvariantCulture, $"month >= '{from.UtcDateTime:yyyy-MM}-01'"));
        foreach (var (series, tables) in new (Series, (string, string)[])[] { (CopyQuotes, [quotes]), (Copy, [quotes, hours, days]) })
        {
            await using var other = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_copy", cancellationToken);
            using var pipeline = new BenchPipeline(other.ConnectionString, arguments.Redis);
            var partitions = pipeline.Services.GetRequiredService<Partitions>();
            var now = TimeProvider.System.GetUtcNow();
            await partitions.EnsureAheadAsync(now, cancellationToken);
            foreach (var table in (string[])[Partitions.Quotes, Partitions.HourlyCandles])
            {
                await partitions.EnsureAsync(
                    table, Enumerable.Range(0, (now - from).Days + 2).Select(day => from.AddDays(day)), cancellationToken);
            }

            var copy = await CopyCeiling.OfAsync(database, tables, cancellationToken);
            await other.SettleAsync(cancellationToken);
            series.Add(rows / (await copy.CopyAsync(other, cancellationToken)).TotalSeconds);
        }
    }

    private void Tell(string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size:N0} quotes: {what}"));
}
