using System.Globalization;
using Kasparro.Ingestion.Runs;
using Spectre.Console;

namespace Kasparro.Ingestion.Commands;

/// <summary>Shows an ingestion's progress: one bar per source on a terminal, one plain line per page otherwise.</summary>
internal static class IngestionConsole
{
    public static Task<IngestionOutcome> ShowAsync(Func<IProgress<IngestionProgress>, Task<IngestionOutcome>> ingest, TimeProvider time) =>
        AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? ShowBarsAsync(ingest, time)
            : ingest(new Lines(time));

    private static Task<IngestionOutcome> ShowBarsAsync(
        Func<IProgress<IngestionProgress>, Task<IngestionOutcome>> ingest, TimeProvider time) =>
        AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(),
                new SpinnerColumn())
            .StartAsync(context => ingest(new Bars(context, time)));

    private static string Describe(IngestionProgress progress, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Source}/{progress.Stream}: page {progress.Pages}, {progress.Totals.Read} records, {progress.Totals.Rejected} "
            + $"rejected, {progress.Totals.Read / Math.Max(elapsed.TotalSeconds, 0.001):0} records/s");

    private sealed class Lines(TimeProvider time) : IProgress<IngestionProgress>
    {
        private readonly long _began = time.GetTimestamp();

        public void Report(IngestionProgress value) => Console.WriteLine(Describe(value, time.GetElapsedTime(_began)));
    }

    private sealed class Bars(ProgressContext context, TimeProvider time) : IProgress<IngestionProgress>
    {
        private readonly Dictionary<(string, string), (ProgressTask Bar, long Began)> _bars = [];

        public void Report(IngestionProgress value)
        {
            if (!_bars.TryGetValue((value.Source, value.Stream), out var shown))
            {
                shown = (context.AddTask(value.Source, maxValue: 1), time.GetTimestamp());
                _bars.Add((value.Source, value.Stream), shown);
            }

            shown.Bar.Description = Markup.Escape(Describe(value, time.GetElapsedTime(shown.Began)));
            shown.Bar.IsIndeterminate = value.Fraction is null;
            shown.Bar.Value = value.Fraction ?? 0;
        }
    }
}
