using Kasparro.Data.Runs;

namespace Kasparro.Api.Runs;

/// <summary>
/// Compares a run with the earlier runs of its source. A value is odd if it lies more than <see cref="Threshold"/> robust deviations
/// (1.4826 times the median absolute deviation, Iglewicz and Hoaglin 1993) from their median. Each measure has a minimum deviation, so that
/// after a history without any movement not every movement is odd.
/// </summary>
internal static class RunReview
{
    /// <summary>The minimum number of earlier runs; fewer say nothing about what is usual.</summary>
    public const int MinHistory = 8;

    /// <summary>The maximum number of earlier runs; older ones say little about what is usual now.</summary>
    public const int MaxHistory = 50;

    private const double Threshold = 5;

    // For a normal distribution, the median absolute deviation times this factor is the standard deviation.
    private const double Consistency = 1.4826;

    private static readonly Measure[] Measures =
    [
        new("quoted_records", run => run.Quoted, ShareOfMedian: 0.02),
        new("rejected_share", run => run.RecordsRead > 0 ? (double)run.Rejected / run.RecordsRead : null, Least: 0.01),
        new("price_share", run => Share(run.Priced, run.Quoted), Least: 0.01),
        new("market_cap_share", run => Share(run.WithMarketCap, run.Quoted), Least: 0.01),
        new("volume_share", run => Share(run.WithVolume, run.Quoted), Least: 0.01),
        new("price_level_usd", run => run.PositivePrices > 0 ? run.LogPriceSum / run.PositivePrices : null, Least: 0.05, IsLogarithm: true),
        new("duration_ms", run => run.FinishedAt is { } end ? Math.Log10(Math.Max(1, (end - run.StartedAt).TotalMilliseconds)) : null,
            Least: 0.15, IsLogarithm: true),
    ];

    /// <summary>Whether a run read a whole source and so can be compared: it completed, and it began with the first page.</summary>
    public static bool IsComparable(IngestionRun run) => run is { Status: RunStatus.Completed, FromPage: 0 };

    /// <summary>Reviews a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="earlier">Comparable runs of its source and upstream before it, the newest first; those beyond <see cref="MaxHistory"/>
    /// are ignored.</param>
    public static RunAssessment Assess(IngestionRun run, IEnumerable<IngestionRun> earlier)
    {
        if (!IsComparable(run))
        {
            return new(RunVerdict.NotComparable, 0, []);
        }

        var history = earlier.Take(MaxHistory).ToList();
        if (history.Count < MinHistory)
        {
            return new(RunVerdict.TooFewRuns, history.Count, []);
        }

        var anomalies = Measures.Select(measure => measure.Judge(run, history)).OfType<RunAnomaly>().ToList();
        return new(anomalies.Count > 0 ? RunVerdict.Odd : RunVerdict.Usual, history.Count, anomalies);
    }

    /// <summary>
    /// Computes the number with this decimal logarithm, limited to the largest double, as JSON cannot represent infinity.
    /// </summary>
    public static double FromLogarithm(double value) => Math.Min(Math.Pow(10, value), double.MaxValue);

    private static double? Share(long part, long whole) => whole > 0 ? (double)part / whole : null;

    private static double Median(List<double> values)
    {
        values.Sort();
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    private sealed record Measure(
        string Name, Func<IngestionRun, double?> Value, double Least = 0, double ShareOfMedian = 0, bool IsLogarithm = false)
    {
        public RunAnomaly? Judge(IngestionRun run, List<IngestionRun> history)
        {
            var values = history.Select(Value).OfType<double>().ToList();
            if (values.Count < MinHistory || Value(run) is not { } value)
            {
                return null;
            }

            var median = Median(values);
            var deviation = Consistency * Median([.. values.Select(earlier => Math.Abs(earlier - median))]);
            var scale = Math.Max(deviation, Math.Max(Least, ShareOfMedian * Math.Abs(median)));
            var score = scale > 0 ? (value - median) / scale : 0;
            return Math.Abs(score) > Threshold
                ? new(Name, Shown(value), Shown(median), Shown(median - (Threshold * scale)), Shown(median + (Threshold * scale)), score)
                : null;
        }

        private double Shown(double value) => IsLogarithm ? FromLogarithm(value) : value;
    }
}
