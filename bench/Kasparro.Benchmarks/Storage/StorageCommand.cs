using System.Globalization;
using Kasparro.Benchmarks.Reporting;

namespace Kasparro.Benchmarks.Storage;

/// <summary>The command <c>storage</c>, which measures the layout of history and a live month, and writes the table.</summary>
internal static class StorageCommand
{
    private const double Giga = 1e9;
    private const int ShownTables = 8;

    public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => ResultFile.CreateAsync(
        "Storage",
        args,
        async arguments =>
        {
            var layouts = arguments.Sizes.Select(size => new LayoutBench(arguments, size)).ToList();
            foreach (var layout in layouts)
            {
                await layout.RunAsync(cancellationToken);
            }

            var live = arguments.LiveDays > 0 ? new LiveMonth(arguments) : null;
            if (live is not null)
            {
                await live.RunAsync(cancellationToken);
            }

            return report => Write(report, arguments, layouts, live);
        },
        cancellationToken);

    private static void Write(Report report, BenchArguments arguments, IReadOnlyList<LayoutBench> layouts, LiveMonth? live)
    {
        foreach (var layout in layouts)
        {
            WriteLayout(report, arguments, layout);
        }

        if (layouts.Count > 1)
        {
            var (small, large) = (layouts[0], layouts[^1]);
            report.Heading(Invariant($"{large.Size:N0} quotes against {small.Size:N0}"));
            report.Columns("ratio", "median", "min – max", "target", "met");
            report.AtMost("a year's chart, p99", large.Reads!.YearP99 / small.Reads!.YearP99, 1.5, "0.00");
            report.AtMost("a whole market day", large.Reads.MarketDay / small.Reads.MarketDay, 1.5, "0.00");
        }

        if (live is not null)
        {
            WriteLive(report, arguments, live);
        }
    }

    private static void WriteLayout(Report report, BenchArguments arguments, LayoutBench layout)
    {
        report.Heading(Invariant($"{layout.Size:N0} ten-minute quotes and {layout.DailyCandles:N0} daily candles"));
        report.Line(Invariant($"- Daily candles of {arguments.Assets:N0} assets; the quotes of {layout.Days:0.0} days, all of them kept."));
        report.Line("- Product: pages of 5,000, upserted by the ingestion's own stores, then candles; COPY: the same rows, ready made.");
        report.Line(Invariant($"- Reads: of assets that were not read before, the buffers of {(layout.Reads!.IsCacheEmptied
            ? "PostgreSQL and of the system"
            : "PostgreSQL")} emptied."));
        report.Line("");
        report.Columns(Invariant($"table, at {layout.SizedQuotes:N0} quotes"), "GB", "bytes a quote or daily candle");
        foreach (var (table, bytes) in layout.Tables.OrderByDescending(table => table.Value).Take(3))
        {
            var rows = table switch { "quotes" => layout.SizedQuotes, "daily_candles" => layout.DailyCandles, _ => 0 };
            report.Cells(table, Invariant($"{bytes / Giga:0.000}"), rows > 0 ? Invariant($"{bytes / (double)rows:0}") : "");
        }

        report.Cells("all", Invariant($"{layout.Tables.Values.Sum() / Giga:0.000}"), "");
        report.Line("");
        report.Columns("quotes/s", "median", "min – max", "target", "met");
        report.Cells("COPY of quotes and candles", Invariant($"{layout.Copy.Median:N0}"), "", "", "");
        report.Cells("product", Invariant($"{layout.Product.Median:N0}"), "", "", "");
        report.AtLeast("product / COPY of the same rows", layout.Product / layout.Copy, 0.5, "0.00");
        report.Line("");
        report.Columns("ms", "median", "min – max", "target", "met");
        report.Cells("a year's chart, median", Invariant($"{layout.Reads.YearMedian.Median:0.0}"), "", "", "");
        report.AtMost("a year's chart, p99", layout.Reads.YearP99, 10, "0.0");
        report.AtMost("a whole market day", layout.Reads.MarketDay, 1_000, "0");
    }

    private static void WriteLive(Report report, BenchArguments arguments, LiveMonth live)
    {
        report.Heading(Invariant($"{arguments.LiveDays} live days with the defaults"));
        report.Line("- CoinPaprika's 2,000 coins every ten minutes and CoinGecko's 17,000 every six hours, each with a new quote, by an");
        report.Line(Invariant($"  accelerated clock. {arguments.Scale:0.###} of that was ingested, and its sizes are divided by it."));
        report.Line("- Years: what retention drops stays as it was in the last week; all else grows as in the last three weeks, until");
        report.Line("  retention drops it; daily candles by twelve full months a year.");
        report.Line("");
        report.Columns(["GB", .. Enumerable.Range(1, live.Weeks.Count).Select(week => $"week {week}"), "first year", "tenth year"]);
        foreach (var table in live.Tables.Take(ShownTables))
        {
            report.Cells([
                table, .. live.Weeks.Select(week => Gigabytes(week.GetValueOrDefault(table))), Gigabytes(live.Extrapolate(table, 1)),
                Gigabytes(live.Extrapolate(table, 10))]);
        }

        var (first, tenth) = (live.Tables.Sum(table => live.Extrapolate(table, 1)), live.Tables.Sum(table => live.Extrapolate(table, 10)));
        report.Cells(["all", .. live.Weeks.Select(week => Gigabytes(week.Values.Sum())), Gigabytes(first), Gigabytes(tenth)]);
        report.Line("");
        report.Columns("GB", "value", "min – max", "target", "met");
        report.AtMost("at the end of the first year", new Series([first / Giga]), 4, "0.00");
        report.AtMost("at the end of the tenth year", new Series([tenth / Giga]), 10, "0.00");
    }

    private static string Gigabytes(double bytes) => Invariant($"{bytes / Giga:0.00}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
