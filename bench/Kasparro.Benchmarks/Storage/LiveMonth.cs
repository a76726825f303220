using System.Globalization;
using Kasparro.Benchmarks.Ingestion;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Sources;

namespace Kasparro.Benchmarks.Storage;

/// <summary>
/// A live installation with the defaults and an accelerated clock: the product's whole ingestion, CoinPaprika every ten minutes, CoinGecko
/// every six hours, retention every day. Only a fraction of real traffic is ingested, and the sizes are scaled up to all of it.
/// </summary>
internal sealed class LiveMonth(BenchArguments arguments)
{
    private const int Tickers = 2_000;
    private const int Markets = 17_000;
    private const int DaysOfWeek = 7;
    private const int DaysOfYear = 365;

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan MarketsInterval = TimeSpan.FromHours(6);

    // As autovacuum does in real time, which is not available here.
    private static readonly TimeSpan VacuumInterval = TimeSpan.FromHours(2);

    // The maximum number of days for which a table's rows are kept: by retention, and until the whole partition is dropped.
    private static readonly Dictionary<string, int> KeptDays = new(StringComparer.Ordinal)
    {
        ["quotes"] = 14 + 7,
        ["hourly_candles"] = 45 + 7,
        ["raw_pages"] = 7 + 1,
        ["catalogue_changes"] = 3,
        ["ingestion_runs"] = 90,
    };

    // Tables that are as large for a fraction of the traffic as for all of it: they have rows for each run, not for each coin.
    private static readonly HashSet<string> Unscaled = new(StringComparer.Ordinal)
    {
        "ingestion_runs", "exchange_rates", "checkpoints", "schema_drifts", "upstream_quotas", "candle_state", "catalogue_state",
        "catalogue_counts", "ingestion_lease", "ingestion_orders", "__EFMigrationsHistory",
    };

    private const string DailyCandles = "daily_candles";

    // Four rows of a complete month fill a page, and each has an index entry. The growth measured within a month is that of rows that are
    // rewritten as they grow.
    private const string YearOfDaysSql = """
        SELECT 12 * count(*) FILTER (WHERE month = (SELECT min(month) FROM daily_candles))
               * (2048 + pg_indexes_size('daily_candles') / count(*)) FROM daily_candles
        """;

    private readonly List<Dictionary<string, long>> _days = [];
    private double _yearOfDays;

    /// <summary>The bytes of each table at the end of each week, scaled up to all traffic.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, long>> Weeks =>
        [.. _days.Where((_, day) => (day + 1) % DaysOfWeek == 0)];

    /// <summary>The tables, the largest first.</summary>
    public IReadOnlyList<string> Tables => [.. _days[^1].OrderByDescending(table => table.Value).Select(table => table.Key)];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var clock = new SimulatedClock(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_live", cancellationToken);
        using var pipeline = new BenchPipeline(database.ConnectionString, arguments.Redis, clock);
        var (tickers, markets) = ((int)(Tickers * arguments.Scale), (int)(Markets * arguments.Scale));
        var start = clock.GetUtcNow();
        for (var day = 1; day <= arguments.LiveDays; day++)
        {
            for (; clock.GetUtcNow() < start.AddDays(day); clock.Advance(Step))
            {
                var readsMarkets = (clock.GetUtcNow() - start).Ticks % MarketsInterval.Ticks == 0;
                string[] sources = readsMarkets ? [SourceNames.CoinPaprika, SourceNames.CoinGecko] : [SourceNames.CoinPaprika];
                await pipeline.RunAsync(
                    new IngestionRequest(RunTrigger.Schedule, sources),
                    LiveTraffic.Create(tickers, readsMarkets ? markets : 0, clock.GetUtcNow()), cancellationToken);
                if ((clock.GetUtcNow() - start).Ticks % VacuumInterval.Ticks == 0)
                {
                    await database.ExecuteAsync("VACUUM (ANALYZE)", cancellationToken);
                }
            }

            await AddDayAsync(database, day, cancellationToken);
        }

        _yearOfDays = await database.ScalarAsync<long>(YearOfDaysSql, cancellationToken) / arguments.Scale;
    }

    /// <summary>Estimates the bytes of a table after some years, based on its growth.</summary>
    public double Extrapolate(string table, int years)
    {
        var kept = KeptDays.GetValueOrDefault(table, int.MaxValue);
        if (kept <= _days.Count)
        {
            return _days.TakeLast(DaysOfWeek + 1).Max(day => day.GetValueOrDefault(table));
        }

        if (table == DailyCandles)
        {
            return _days[^1].GetValueOrDefault(table) + (_yearOfDays * (years - (_days.Count / (double)DaysOfYear)));
        }

        var passed = Math.Min(3 * DaysOfWeek, _days.Count - 1);
        var (first, last) = (_days[^(passed + 1)].GetValueOrDefault(table), _days[^1].GetValueOrDefault(table));
        var growth = Math.Max(0, (last - first) / Math.Max(1.0, passed));
        return last + (growth * (Math.Min(kept, years * DaysOfYear) - _days.Count));
    }

    private async Task AddDayAsync(BenchDatabase database, int day, CancellationToken cancellationToken)
    {
        var sizes = await TableSizes.ReadAsync(database, cancellationToken);
        _days.Add(sizes.ToDictionary(
            table => table.Key, table => (long)(Unscaled.Contains(table.Key) ? table.Value : table.Value / arguments.Scale),
            StringComparer.Ordinal));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"day {day} of {arguments.LiveDays}: {_days[^1].Values.Sum() / 1e9:0.00} GB of all traffic"));
    }
}
