using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Resolve;

/// <summary>The command <c>resolve</c>, which measures the resolution of ids and writes the table.</summary>
internal static class ResolveCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => ResultFile.CreateAsync(
        "Resolve",
        args,
        async arguments =>
        {
            var bench = new ResolveBench(arguments);
            await bench.RunAsync(cancellationToken);
            return report => Write(report, arguments, bench);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, ResolveBench bench)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- {ResolveBench.Assets:N0} assets, each with a listing, a contract and an ISIN; {arguments.Rounds} rounds, the API in a "
                + $"process of its own, one client."));
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- One POST /resolve of {ResolveBench.BatchSize:N0} ids, a sixth of each vocabulary, to the last byte of its response; one "
                + $"prepared query of as many keys of assets, to its last row, by Npgsql."));
        report.Heading("Ten thousand ids, ms");
        report.Columns("figure", "median", "min – max");
        report.Figure("one indexed query", bench.Query, "0.0");
        report.Figure("one POST /resolve", bench.Batch, "0.0");
        report.Line("");
        report.Columns("ratio", "median", "min – max", "target", "met");
        report.AtMost("POST /resolve / query", bench.Batch / bench.Query, 5, "0.00");
        if (bench.Memory is { } memory)
        {
            var name = string.Create(
                CultureInfo.InvariantCulture,
                $"MB resident after all batches ({memory.Late:0}) / after a fifth of them ({memory.Early:0})");
            report.AtMost(name, new Series([memory.Late / memory.Early]), 1.25, "0.00");
        }

        report.Heading("GET /assets/{id}, ms");
        report.Columns("vocabulary", "median", "min – max");
        foreach (var (vocabulary, times) in bench.Vocabularies)
        {
            report.Figure(vocabulary, times, "0.00");
        }

        report.Line("");
        report.Columns("ratio", "median", "min – max", "target", "met");
        foreach (var (vocabulary, times) in bench.Vocabularies.Where(entry => entry.Key != ResolveBench.OurId))
        {
            report.AtMost($"{vocabulary} / {ResolveBench.OurId}", times / bench.Vocabularies[ResolveBench.OurId], 1.5, "0.00");
        }
    }
}
