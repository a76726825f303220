using System.Diagnostics.Metrics;

namespace Kasparro.Ingestion.Loading;

/// <summary>Metrics of loading.</summary>
internal sealed class LoadingTelemetry : IDisposable
{
    public const string MeterName = "Kasparro.Ingestion";
    public const string ResolutionTime = "kasparro.ingestion.identity.wait.time";

    private readonly Meter _meter;
    private readonly Counter<double> _resolution;
    private readonly Counter<long> _references;

    public LoadingTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _resolution = _meter.CreateCounter<double>(ResolutionTime, "s", "Time of loading pages that entity resolution took, by source.");
        _references = _meter.CreateCounter<long>(
            "kasparro.ingestion.references.rows", "{row}", "Rows of operators' files, by kind of file and outcome: loaded or rejected.");
    }

    /// <summary>Counts rows of an operator's file.</summary>
    public void ReferenceRows(string kind, string outcome, int rows) => _references.Add(rows, new("kind", kind), new("outcome", outcome));

    /// <summary>Counts the time that a page's entity resolution took.</summary>
    public void Resolved(string source, TimeSpan took) =>
        _resolution.Add(took.TotalSeconds, new KeyValuePair<string, object?>("source", source));

    public void Dispose() => _meter.Dispose();
}
