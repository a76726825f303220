using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Kasparro.Api.Catalogue;

namespace Kasparro.Api.Health;

/// <summary>
/// The metric <c>kasparro.source.age</c>: the age of each source's data. <see cref="IngestionHealthCheck"/> updates it; while it cannot,
/// the ages keep growing.
/// </summary>
internal sealed class SourceAges
{
    private readonly ConcurrentDictionary<string, DateTime> _completed = new(StringComparer.Ordinal);

    public SourceAges(IMeterFactory meters, TimeProvider time)
    {
        meters.Create(ApiMetrics.MeterName).CreateObservableGauge(
            "kasparro.source.age",
            () => _completed.Select(source => new Measurement<double>(
                Math.Max(0, (time.GetUtcNow().UtcDateTime - source.Value).TotalSeconds),
                new KeyValuePair<string, object?>("source", source.Key))),
            "s",
            "Time since the end of a source's last completed run.");
    }

    /// <summary>Records the end of a source's last completed run, UTC.</summary>
    public void Completed(string source, DateTime at) => _completed[source] = at;
}
