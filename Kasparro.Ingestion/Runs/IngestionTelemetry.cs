using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kasparro.Ingestion.Loading;

namespace Kasparro.Ingestion.Runs;

/// <summary>Spans and metrics of ingestion.</summary>
internal sealed class IngestionTelemetry : IDisposable
{
    public const string Name = "Kasparro.Ingestion";

    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _drifts;
    private readonly Histogram<double> _pages;

    public IngestionTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _records = _meter.CreateCounter<long>("kasparro.ingestion.records", "{record}", "Records read, by source and outcome.");
        _runs = _meter.CreateCounter<long>("kasparro.ingestion.runs", "{run}", "Runs ended, by source and status.");
        _drifts = _meter.CreateCounter<long>("kasparro.ingestion.schema_drifts", "{drift}", "Schema drifts, by source, stream and kind; one a run.");
        _pages = _meter.CreateHistogram<double>("kasparro.ingestion.page.duration", "s", "Time to load one page.");
    }

    public static ActivitySource Spans { get; } = new(Name);

    public void PageLoaded(string source, PageOutcome outcome, TimeSpan duration)
    {
        _pages.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("source", source));
        Count("inserted", outcome.Inserted);
        Count("updated", outcome.Updated);
        Count("unchanged", outcome.Unchanged);
        Count("duplicate", outcome.Duplicates);
        Count("rejected", outcome.Rejected);

        void Count(string kind, int count)
        {
            if (count > 0)
            {
                _records.Add(count, new("source", source), new("outcome", kind));
            }
        }
    }

    public void RunEnded(string source, string status) => _runs.Add(1, new("source", source), new("status", status));

    public void SchemaDrifted(string source, string stream, string kind) =>
        _drifts.Add(1, new("source", source), new("stream", stream), new("kind", kind));

    public void Dispose() => _meter.Dispose();
}
