using System.Globalization;
using Kasparro.Benchmarks.Api;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Vendors;

/// <summary>The command <c>vendors</c>, which measures and writes the table.</summary>
internal static class VendorCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => Wrk.CreateAsync(
        "Vendors",
        args,
        async arguments =>
        {
            var bench = new VendorBench(arguments);
            await bench.RunAsync(cancellationToken);
            return report => Write(report, arguments, bench);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, VendorBench bench)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- {arguments.Catalogue:N0} assets, {arguments.Rounds} rounds of {arguments.Seconds} s each, in each round there and back "
                + $"(bare, API, API, bare); wrk over 32 connections on the same machine; each server is a process of its own."));
        report.Line("- Hot: one URL again and again. Bare: Kestrel asked by a URL with the same query, and writing the same header fields "
            + "and body, without routing, ids, limits or version check.");
        report.Heading("Under load");
        report.Columns("figure", "median", "min – max");
        foreach (var (route, (api, bare)) in bench.Routes)
        {
            report.Figure($"{route}, requests/s", api.Rate, "#,0");
            report.Figure($"bare bytes of {route}, requests/s", bare.Rate, "#,0");
            report.Figure($"{route}, p99 ms", api.P99, "0.00");
        }

        report.Line("");
        report.Columns("ratio", "median", "min – max", "target", "met");
        foreach (var (route, (api, bare)) in bench.Routes)
        {
            report.AtLeast($"{route} / bare bytes", api.Rate / bare.Rate, 0.9, "0.00");
        }
    }
}
