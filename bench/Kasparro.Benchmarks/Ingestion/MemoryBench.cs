using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>
/// Measures the peak memory of the product's own executable, as the system counts it, above that of the same executable when it ingests
/// nothing.
/// </summary>
internal sealed class MemoryBench(BenchArguments arguments)
{
    /// <summary>The MB above idle of each ingestion, or the reason why it failed.</summary>
    public List<(string Title, Series MegaBytes, string? Failure)> Figures { get; } = [];

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (arguments.MemoryRuns == 0)
        {
            return;
        }

        var original = CannedUpstream.Create(new SyntheticRecords(seed: 1), arguments.Records, changed: false);
        foreach (var source in new[] { SourceNames.CoinPaprika, SourceNames.CoinGecko })
        {
            await MeasureAsync(
                $"{arguments.Records:N0} records of {source}", original, ["--source", source], ["--source", source], cancellationToken);
        }

        if (arguments.CsvRows > 0)
        {
            var folder = Directory.CreateTempSubdirectory("kasparro-bench-");
            var (nothing, file) = (Path.Combine(folder.FullName, "nothing.csv"), Path.Combine(folder.FullName, "rows.csv"));
            await new SyntheticRecords(seed: 3).WriteCsvAsync(nothing, 0, cancellationToken);
            await new SyntheticRecords(seed: 3).WriteCsvAsync(file, arguments.CsvRows, cancellationToken);
            await MeasureAsync($"a CSV of {arguments.CsvRows:N0} rows", original, ["--file", nothing], ["--file", file], cancellationToken);
            folder.Delete(recursive: true);
        }
    }

    private async Task MeasureAsync(
        string title, CannedUpstream upstream, string[] idle, string[] ingest, CancellationToken cancellationToken)
    {
        var above = new Series();
        string? failure = null;
        for (var run = 0; run < arguments.MemoryRuns && failure is null; run++)
        {
            var (least, idleFailure) = await PeakAsync(CannedUpstream.OfNothing, idle, cancellationToken);
            var (most, ingestFailure) = await PeakAsync(upstream, ingest, cancellationToken);
            failure = idleFailure ?? ingestFailure;
            above.Add((most - least) / 1024.0);
        }

        Figures.Add((title, above, failure));
        Console.WriteLine(failure ?? $"{title}: {above.Median:0} MB above idle");
    }

    /// <summary>Measures the peak, in kB, of one <c>ingest</c> into an empty database.</summary>
    private async Task<(long Peak, string? Failure)> PeakAsync(
        CannedUpstream upstream, string[] command, CancellationToken cancellationToken)
    {
        await using var database = await BenchDatabase.CreateAsync(arguments.Postgres, "kasparro_bench_memory", cancellationToken);
        await using var server = await CannedServer.StartAsync(upstream, cancellationToken);
        var process = await MeasuredProcess.RunAsync(database.ConnectionString, arguments.Redis, server.Url, command, cancellationToken);
        return (process.Peak, process.Failure);
    }
}
