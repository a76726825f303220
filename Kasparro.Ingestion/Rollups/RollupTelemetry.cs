using System.Diagnostics.Metrics;

namespace Kasparro.Ingestion.Rollups;

/// <summary>Metrics of the candles.</summary>
internal sealed class RollupTelemetry : IDisposable
{
    public const string MeterName = "Kasparro.Ingestion";

    private readonly Meter _meter;
    private readonly Histogram<double> _durations;

    public RollupTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _durations = _meter.CreateHistogram(
            "kasparro.ingestion.rollup.duration", "s", "Time to make the candles of a run's quotes, by source and outcome.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800] });
    }

    /// <summary>Records how long a run's quotes took.</summary>
    public void RolledUp(string source, bool isCompleted, TimeSpan took) =>
        _durations.Record(took.TotalSeconds, new("source", source), new("outcome", isCompleted ? "completed" : "failed"));

    public void Dispose() => _meter.Dispose();
}
