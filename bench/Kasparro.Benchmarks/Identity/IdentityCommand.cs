using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Identity;

/// <summary>The command <c>identity</c>: measures, and writes the table.</summary>
internal static class IdentityCommand
{
    /// <returns>0 when every target was met, 1 when not, 2 when the command line is wrong.</returns>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        if (BenchArguments.Parse(args) is not { } arguments)
        {
            return Usage.Print();
        }

        var bench = new IdentityBench(arguments);
        await bench.RunAsync(cancellationToken);
        return await ResultFile.WriteAsync("Identity", arguments, report => Write(report, arguments, bench), cancellationToken) ? 0 : 1;
    }

    private static void Write(Report report, BenchArguments arguments, IdentityBench bench)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- CoinGecko's pages of 250 new records over {arguments.Records:N0} assets of CoinPaprika, each with its partner among them; {arguments.Rounds} rounds of 30 pages."));
        report.Line("- Reading connected listings and deciding goes on beside the COPY of the page's raw records and quotes. Resolving is what the load waits for, by its own metric: what is left of that then, and writing decisions.");
        report.Line("- The whole load: from the upstream's answer to the commit, reading and checking it included.");
        report.Heading("Resolving a page");
        report.Columns("ms a page", "median", "min – max");
        report.Figure("deciding, beside the COPY", bench.Ahead, "0.00");
        report.Figure("resolving, which the load waits for", bench.Resolving, "0.00");
        report.Figure("the whole load, resolving included", bench.Loading, "0.00");
        report.Line("");
        report.Columns("ratio", "median", "min – max", "target", "met");
        report.AtMost("resolving / whole load", bench.Resolving / bench.Loading, 0.1, "0.00");
    }
}
