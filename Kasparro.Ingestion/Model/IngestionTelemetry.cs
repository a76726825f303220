using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kasparro.Data.Runs;

namespace Kasparro.Ingestion.Model;

/// <summary>Spans and metrics of ingestion. Backfills, which only the worker runs, have their own metrics.</summary>
internal sealed class IngestionTelemetry : IDisposable
{
    public const string Name = "Kasparro.Ingestion";
    public const string ResolutionTime = "kasparro.ingestion.identity.wait.time";

    private readonly Meter _meter;
    private readonly Counter<long> _records;
    private readonly Counter<long> _runs;
    private readonly Counter<long> _drifts;
    private readonly Histogram<double> _pages;
    private readonly Histogram<double> _runDurations;
    private readonly Histogram<double> _lockWaits;
    private readonly Counter<double> _resolution;
    private readonly Counter<long> _references;
    private readonly Histogram<double> _rollups;
    private readonly ConcurrentDictionary<string, (long Limit, Func<long?> Left)> _budgets = new(StringComparer.Ordinal);

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
            "Time from the attempt to ingest to the lock and the fencing token, through all attempts; "
                + "by outcome: acquired, or locked_out once more.",
            tags: null,
            Seconds(0.01, 0.1, 1, 5, 10, 30, 60, 300, 900, 1800, 3600));
        _resolution = _meter.CreateCounter<double>(ResolutionTime, "s", "Time of loading pages that entity resolution took, by source.");
        _references = _meter.CreateCounter<long>(
            "kasparro.ingestion.references.rows", "{row}", "Rows of operators' files, by kind of file and outcome: loaded or rejected.");
        _rollups = _meter.CreateHistogram(
            "kasparro.ingestion.rollup.duration", "s", "Time to make the candles of a run's quotes, by source and outcome.", tags: null,
            Seconds(0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800));
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
    /// Initialises a source's counters to zero: a counter first seen at 1 looks as if it had never increased, so a first failure would go
    /// unnoticed.
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

    /// <summary>Publishes how many calls are left of an upstream's monthly budget.</summary>
    /// <param name="source">The source.</param>
    /// <param name="limit">The number of calls per month.</param>
    /// <param name="left">Returns the number of calls left, or null if it is unknown.</param>
    public void Observe(string source, long limit, Func<long?> left) => _budgets[source] = (limit, left);

    public void SchemaDrifted(string source, string stream, string kind) =>
        _drifts.Add(1, new("source", source), new("stream", stream), new("kind", kind));

    /// <summary>Counts rows of an operator's file.</summary>
    public void ReferenceRows(string kind, string outcome, int rows) => _references.Add(rows, new("kind", kind), new("outcome", outcome));

    /// <summary>Counts the time that a page's entity resolution took.</summary>
    public void Resolved(string source, TimeSpan took) =>
        _resolution.Add(took.TotalSeconds, new KeyValuePair<string, object?>("source", source));

    /// <summary>Records how long it took to make candles from a run's quotes.</summary>
    public void RolledUp(string source, bool isCompleted, TimeSpan took) =>
        _rollups.Record(took.TotalSeconds, new("source", source), new("outcome", isCompleted ? "completed" : "failed"));

    public void Dispose() => _meter.Dispose();

    private static InstrumentAdvice<double> Seconds(params double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };

    private IEnumerable<(string Source, long Left, long Limit)> Budgets()
    {
        foreach (var (source, budget) in _budgets)
        {
            if (budget.Left() is { } left)
            {
                yield return (source, left, budget.Limit);
            }
        }
    }
}
