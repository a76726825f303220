using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>The command <c>history</c>, which measures a file of quotes in sorted and random order, and writes the table.</summary>
internal static class HistoryCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => ResultFile.CreateAsync(
        "History",
        args,
        async arguments =>
        {
            var bench = new HistoryBench(arguments);
            await bench.RunAsync(cancellationToken);
            return report => Write(report, arguments, bench);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, HistoryBench bench)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- A CSV of {bench.Rows:N0} rows: 1,000 days of each asset. {arguments.MemoryRuns} rounds, a new database each time."));
        report.Line("- After each: every quote is in the history, and each asset's price is the newest.");
        report.Heading("Rows a second, of the ingestion's own process, less the time that it takes to ingest nothing");
        report.Columns("rows/s", "median", "min – max");
        report.Figure("sorted by day", bench.Sorted, "#,0");
        report.Figure("shuffled", bench.Shuffled, "#,0");
        report.Line("");
        report.Columns("ratio", "median", "min – max", "target", "met");
        report.AtLeast("shuffled / sorted", bench.Shuffled / bench.Sorted, 0.7, "0.00");
        report.AtMost("peak memory above idle, shuffled, MB", bench.MegaBytes, 300, "0");
    }
}
