using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kasparro.Data.Runs;
using Kasparro.Ingestion.Model;
using Kasparro.Ingestion.Sources.Http;

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
    private readonly Histogram<double> _runDurations;
    private readonly Histogram<double> _lockWaits;
    private readonly ConcurrentDictionary<string, MonthlyQuota> _budgets = new(StringComparer.Ordinal);

    public IngestionTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _records = _meter.CreateCounter<long>("kasparro.ingestion.records", "{record}", "Records read, by source and outcome.");
        _runs = _meter.CreateCounter<long>("kasparro.ingestion.runs", "{run}", "Runs ended, by source and status.");
        _drifts = _meter.CreateCounter<long>(
            "kasparro.ingestion.schema_drifts", "{drift}", "Schema drifts, by source, stream and kind; one a run.");
        _pages = _meter.CreateHistogram(
            "kasparro.ingestion.page.duration", "s", "Time to load one page, by source.", tags: null,
            Seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30));
        _runDurations = _meter.CreateHistogram(
            "kasparro.ingestion.run.duration", "s", "Time from a run's start to its end, by source and status.", tags: null,
            Seconds(1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600));
        _lockWaits = _meter.CreateHistogram(
            "kasparro.ingestion.lock.wait.duration",
            "s",
            "Time from the wish to ingest to the lock and the fencing token, through all attempts; "
                + "by outcome: acquired, or locked_out once more.",
            tags: null,
            Seconds(0.01, 0.1, 1, 5, 10, 30, 60, 300, 900, 1800, 3600));
        _meter.CreateObservableGauge(
            "kasparro.upstream.budget.left",
            () => Budgets()
                .Select(budget => new Measurement<long>(budget.Left, new KeyValuePair<string, object?>("source", budget.Source))),
            "{call}",
            "Calls left of an upstream's month, by source, once a call has been made.");
        _meter.CreateObservableGauge(
            "kasparro.upstream.budget.limit",
            () => Budgets()
                .Select(budget => new Measurement<long>(budget.Limit, new KeyValuePair<string, object?>("source", budget.Source))),
            "{call}",
            "Calls a month that an upstream's plan has, by source.");
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

    /// <summary>
    /// Begins a source's counters at zero: what is first seen at 1 looks as if it had never risen, and a first failure would go unnoticed.
    /// </summary>
    public void RunStarted(string source)
    {
        foreach (var status in (ReadOnlySpan<string>)[RunStatus.Completed, RunStatus.Failed, RunStatus.Cancelled, RunStatus.LostLock])
        {
            _runs.Add(0, new("source", source), new("status", status));
        }

        foreach (var outcome in (ReadOnlySpan<string>)["inserted", "updated", "unchanged", "duplicate", "rejected"])
        {
            _records.Add(0, new("source", source), new("outcome", outcome));
        }
    }

    public void RunEnded(string source, string status, TimeSpan duration)
    {
        _runs.Add(1, new("source", source), new("status", status));
        _runDurations.Record(duration.TotalSeconds, new("source", source), new("status", status));
    }

    public void WaitedForLock(bool isAcquired, TimeSpan duration) =>
        _lockWaits.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", isAcquired ? "acquired" : "locked_out"));

    /// <summary>Shows what is left of an upstream's calls from now on.</summary>
    public void Observe(string source, MonthlyQuota budget) => _budgets[source] = budget;

    public void SchemaDrifted(string source, string stream, string kind) =>
        _drifts.Add(1, new("source", source), new("stream", stream), new("kind", kind));

    public void Dispose() => _meter.Dispose();

    private static InstrumentAdvice<double> Seconds(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    private IEnumerable<(string Source, long Left, long Limit)> Budgets()
    {
        foreach (var (source, budget) in _budgets)
        {
            if (budget.Left is { } left)
            {
                yield return (source, left, budget.Limit);
            }
        }
    }
}
