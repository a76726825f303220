using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Ingestion;

/// <summary>The command <c>ingestion</c>, which measures and writes the table.</summary>
internal static class IngestionCommand
{
    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => ResultFile.CreateAsync(
        "Ingestion",
        args,
        async arguments =>
        {
            var speed = new SpeedBench(arguments);
            var memory = new MemoryBench(arguments);
            await speed.RunAsync(cancellationToken);
            await memory.RunAsync(cancellationToken);
            return report => Write(report, arguments, speed, memory);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, SpeedBench speed, MemoryBench memory)
    {
        report.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"- {arguments.Records:N0} records, {arguments.Rounds} rounds, everything interleaved "
                + $"in each; medians, and ratios round by round."));
        report.Line("- Ceiling: a run's rows (listings, raw pages, quotes, candles, assets, logos, changes) by COPY in one transaction.");
        report.Line("- Loop: SELECT + INSERT + commit for each of a record's four rows, finished ones, "
            + "by SQLAlchemy, as in the service that this one replaces");
        report.Line("  (bench/row_loop.py); in C# without a mapper, for comparison, and that with one commit a record.");
        report.Line("- VACUUM ANALYZE and CHECKPOINT before each timed step, outside the time.");
        foreach (var figures in speed.Sources)
        {
            report.Heading(figures.Title);
            report.Columns("records/s", "median", "min – max");
            report.Figure("bare COPY (ceiling)", figures.Ceiling, "#,0");
            report.Figure("fresh, until it is served", figures.Served, "#,0");
            report.Figure("fresh, with its candles", figures.Fresh, "#,0");
            report.Figure("unchanged", figures.Unchanged, "#,0");
            report.Figure("1 % changed", figures.Changed, "#,0");
            if (speed.Loop.Script.Values.Count > 0)
            {
                report.Figure("loop", speed.Loop.Script, "#,0");
                report.Figure("loop, C#", speed.Loop.EachRow, "#,0");
                report.Figure("loop, C#, a commit a record", speed.Loop.EachRecord, "#,0");
            }

            report.Line("");
            report.Columns("ratio", "median", "min – max", "target", "met");
            if (figures.IsBulk)
            {
                report.AtLeast("fresh, until it is served / ceiling", figures.Served / figures.Ceiling, 0.6, "0.00");
                report.Figure("fresh, with its candles / ceiling", figures.Fresh / figures.Ceiling, "0.00");
            }
            else
            {
                report.Figure(
                    "fresh, until it is served / ceiling (400 commits against one: no target)", figures.Served / figures.Ceiling, "0.00");
            }

            if (speed.Loop.Script.Values.Count > 0)
            {
                report.AtLeast("fresh / loop", figures.Fresh / speed.Loop.Script, 60, "0");
            }

            report.AtLeast("unchanged / fresh", figures.Unchanged / figures.Fresh, 3, "0.0");
            report.AtMost("unchanged, MB of WAL", figures.UnchangedWal, 0.5, "0.00");
            report.AtLeast("1 % changed / fresh", figures.Changed / figures.Fresh, 2.5, "0.0");
            if (figures.FreshInLarge.Values.Count > 0)
            {
                var name = string.Create(
                    CultureInfo.InvariantCulture, $"cost of a fresh record at {arguments.Catalogue:N0} / at {arguments.Records:N0} assets");
                report.AtMost(name, figures.FreshInSmall / figures.FreshInLarge, 1.3, "0.00");
            }
        }

        if (memory.Figures.Count == 0)
        {
            return;
        }

        report.Heading("Peak memory above idle, of the ingestion's own process");
        report.Columns("MB", "median", "min – max", "target", "met");
        foreach (var (title, megaBytes, failure) in memory.Figures)
        {
            if (failure is null)
            {
                report.AtMost(title, megaBytes, 300, "0");
            }
            else
            {
                report.Cells(title, "not measured", failure.ReplaceLineEndings(" "), "≤ 300", "–");
            }
        }
    }
}
