using System.Globalization;
using System.Text;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// Ingests a CSV file with many assets and many days, sorted by day and shuffled: all quotes must be stored, the newest must be the price,
/// and the order must cost little.
/// </summary>
internal sealed class HistoryBench(BenchArguments arguments)
{
    private const int Days = 1_000;

    private static readonly DateTimeOffset LastDay = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The rows per second of the file sorted by day.</summary>
    public Series Sorted { get; } = new();

    /// <summary>The rows per second of the same rows in random order.</summary>
    public Series Shuffled { get; } = new();

    /// <summary>The memory for the shuffled file, in MB above that for ingesting nothing.</summary>
    public Series MegaBytes { get; } = new();

    public int Rows => arguments.CsvRows / Days * Days;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("kasparro-bench-");
        try
        {
            var order = Enumerable.Range(0, Rows).ToArray();
            var nothing = Path.Combine(folder.FullName, "nothing.csv");
            var sorted = Path.Combine(folder.FullName, "sorted.csv");
            var shuffled = Path.Combine(folder.FullName, "shuffled.csv");
            await WriteAsync(nothing, [], cancellationToken);
            await WriteAsync(sorted, order, cancellationToken);
            new Random(20_261_128).Shuffle(order);
            await WriteAsync(shuffled, order, cancellationToken);
            for (var round = 0; round < arguments.MemoryRuns; round++)
            {
                var idle = await IngestAsync(nothing, 0, cancellationToken);
                var inOrder = await IngestAsync(sorted, Rows, cancellationToken);
                var atRandom = await IngestAsync(shuffled, Rows, cancellationToken);
                Sorted.Add(Rows / (inOrder.Took - idle.Took).TotalSeconds);
                Shuffled.Add(Rows / (atRandom.Took - idle.Took).TotalSeconds);
                MegaBytes.Add((atRandom.Peak - idle.Peak) / 1024.0);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"sorted {Sorted.Values[^1]:#,0} rows/s, shuffled {Shuffled.Values[^1]:#,0} rows/s, {MegaBytes.Values[^1]:0} MB"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Computes the price of an asset on a day.</summary>
    private static double Price(int asset, int day) => asset + 1 + (day / 1000.0);

    private async Task<MeasuredProcess> IngestAsync(string file, int rows, CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_history", cancellationToken);
        await using var server = await CannedServer.StartAsync(CannedUpstream.OfNothing, cancellationToken);
        await database.SettleAsync(cancellationToken);
        string[] command = ["--file", file];
        var process = await MeasuredProcess.RunAsync(database.ConnectionString, arguments.Redis, server.Url, command, cancellationToken);
        if (process.Failure is { } failure)
        {
            throw new InvalidOperationException(failure);
        }

        var quotes = await database.ScalarAsync<long>("SELECT count(*) FROM quotes", cancellationToken);
        var right = await database.ScalarAsync<long>(
            "SELECT count(*) FROM listings WHERE price_usd = external_id::int + 1 + 999 / 1000.0::float8", cancellationToken);
        return (quotes, right) == (rows, rows / Days)
            ? process
            : throw new InvalidOperationException(
                $"{Path.GetFileName(file)}: {quotes} quotes of {rows}, {right} right prices of {rows / Days}.");
    }

    private async Task WriteAsync(string path, int[] order, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 20);
        await file.WriteLineAsync("id,symbol,name,price_usd,market_cap,volume_24h,timestamp".AsMemory(), cancellationToken);
        var assets = Math.Max(1, Rows / Days);
        foreach (var row in order)
        {
            var (asset, day) = (row % assets, row / assets);
            var time = LastDay.AddDays(day + 1 - Days);
            var price = Price(asset, day);
            var line = string.Create(
                CultureInfo.InvariantCulture,
                $"{asset},H{asset},History {asset},{price:R},{price * 1e6:R},{(row % 9973) * 1234.5:R},{time:yyyy-MM-dd}");
            await file.WriteLineAsync(line.AsMemory(), cancellationToken);
        }
    }
}
