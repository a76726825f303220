using System.Diagnostics.Metrics;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Backfills;

/// <summary>Metrics of backfills.</summary>
internal sealed class BackfillTelemetry : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _windows;
    private readonly Counter<long> _points;
    private readonly Counter<long> _runs;
    private long _open;

    public BackfillTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(IngestionTelemetry.Name);
        _windows = _meter.CreateCounter<long>(
            "kasparro.backfill.windows", "{window}", "Windows of backfills closed, by source and outcome: read or failed.");
        _points = _meter.CreateCounter<long>(
            "kasparro.backfill.points", "{point}", "Past prices read, by source and outcome: written, unchanged or dropped.");
        _runs = _meter.CreateCounter<long>("kasparro.backfill.runs", "{run}", "Runs of backfills ended, by source and status.");
        _meter.CreateObservableGauge(
            "kasparro.backfill.windows.open", () => Interlocked.Read(ref _open), "{window}",
            "Windows of the current backfill that are still to be read.");
    }

    public void Read(string source, int points, int written, int dropped, BackfillProgress progress)
    {
        _windows.Add(1, new("source", source), new("outcome", "read"));
        Count("written", written);
        Count("unchanged", points - written);
        Count("dropped", dropped);
        Interlocked.Exchange(ref _open, progress.Windows - progress.Closed);

        void Count(string outcome, int count)
        {
            if (count > 0)
            {
                _points.Add(count, new("source", source), new("outcome", outcome));
            }
        }
    }

    public void Failed(string source, int windows) => _windows.Add(windows, new("source", source), new("outcome", "failed"));

    public void RunEnded(string source, string status) => _runs.Add(1, new("source", source), new("status", status));

    public void Dispose() => _meter.Dispose();
}
