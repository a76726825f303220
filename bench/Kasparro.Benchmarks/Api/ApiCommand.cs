using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Api;

/// <summary>The command <c>api</c>, which measures and writes the table.</summary>
internal static class ApiCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => Wrk.CreateAsync(
        "API",
        args,
        async arguments =>
        {
            var bench = new ApiBench(arguments);
            await bench.RunAsync(cancellationToken);
            return report => Write(report, arguments, bench);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, ApiBench bench)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- {arguments.Catalogue:N0} assets, {arguments.Rounds} rounds of {arguments.Seconds} s each, in each round there and back "
                + $"(bare, API, API, bare); wrk over 32 connections on the same machine; each server is a process of its own."));
        report.Line("- Hot: `/data` again and again. Bare bytes: Kestrel writing the same header fields and body, without routing, ids, "
            + "limits, latency or version check. Bare body: the same without those fields.");
        report.Line("- Cold: some 700 pages of 40–60 rows in turn, against a cache too small for them (Api:PageBytes 1 MiB, nothing "
            + "into Redis, which is still asked).");
        report.Line("- Bare cold: total and rows, prepared, in one round trip without a snapshot, source-generated JSON.");
        report.Line("- The bare ones have the defaults of Kestrel and Npgsql. The API answers on the thread that received, resets no "
            + "session and plans once.");
        report.Heading("Under load");
        report.Columns("figure", "median", "min – max");
        report.Figure("bare bytes, requests/s", bench.BareHot.Rate, "#,0");
        report.Figure("bare body, requests/s", bench.BareBody.Rate, "#,0");
        report.Figure("hot, requests/s", bench.Hot.Rate, "#,0");
        report.Figure("bare bytes, p99 ms", bench.BareHot.P99, "0.00");
        report.Figure("hot, p99 ms", bench.Hot.P99, "0.00");
        report.Figure("bare bytes, processor µs a request", bench.BareHot.Processor, "0.0");
        report.Figure("bare body, processor µs a request", bench.BareBody.Processor, "0.0");
        report.Figure("hot, processor µs a request", bench.Hot.Processor, "0.0");
        report.Figure("hot / bare body", bench.Hot.Rate / bench.BareBody.Rate, "0.00");
        report.Figure("bare Npgsql + JSON, requests/s", bench.BareCold.Rate, "#,0");
        report.Figure("cold, requests/s", bench.Cold.Rate, "#,0");
        report.Line("");
        report.Columns("ratio", "median", "min – max", "target", "met");
        report.AtLeast("hot / bare bytes", bench.Hot.Rate / bench.BareHot.Rate, 0.95, "0.00");
        report.AtMost("p99 of hot / of bare bytes", bench.Hot.P99 / bench.BareHot.P99, 1.5, "0.00");
        report.AtLeast("cold / bare Npgsql + JSON", bench.Cold.Rate / bench.BareCold.Rate, 1.2, "0.00");

        report.Heading("One client, cold pages of 41–60 rows, ms");
        report.Columns("route", "median", "min – max");
        foreach (var (route, times) in bench.Routes)
        {
            if (times.Values.Count > 0)
            {
                report.Figure(route, times, "0.00");
            }
            else
            {
                report.Cells(route, "the catalogue is too small", "–");
            }
        }

        report.Line("");
        report.Columns("figure", "median", "min – max", "target", "met");

        // A tenth of a second is what people perceive as instantaneous (Nielsen, Usability Engineering, 1993).
        report.AtMost($"{Route.Search}, ms", bench.Routes[Route.Search], 100, "0.00");

        report.Heading("Stampede and memory");
        report.Columns("figure", "median", "min – max", "target", "met");
        report.AtMost("renders of one cold key, 32 clients, 2 replicas", bench.Renders, 1, "0");
        if (bench.Memory is { } memory)
        {
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"MB after {bench.DistinctQueries:N0} distinct queries ({memory.Late:0}) / after a fifth of them ({memory.Early:0})");
            report.AtMost(name, new Series([memory.Late / memory.Early]), 1.25, "0.00");
        }
    }
}
