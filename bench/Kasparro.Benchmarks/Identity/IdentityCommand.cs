using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Identity;

/// <summary>The command <c>identity</c>, which measures and writes the table.</summary>
internal static class IdentityCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => ResultFile.CreateAsync(
        "Identity",
        args,
        async arguments =>
        {
            var bench = new IdentityBench(arguments);
            await bench.RunAsync(cancellationToken);
            return report => Write(report, arguments, bench);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, IdentityBench bench)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- CoinGecko's pages of 250 new records over {arguments.Records:N0} assets of CoinPaprika, each with its partner among "
                + $"them; {arguments.Rounds} rounds of 30 pages."));
        report.Line("- Resolving: reading connected listings, deciding, and writing decisions, by the product's own metric.");
        report.Line("- The whole load: from the upstream's answer to the commit, reading and checking it included.");
        report.Heading("Resolving a page");
        report.Columns("ms a page", "median", "min – max");
        report.Figure("resolving", bench.Resolving, "0.00");
        report.Figure("the whole load, resolving included", bench.Loading, "0.00");
    }
}
