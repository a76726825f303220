using System.Diagnostics.Metrics;

namespace Kasparro.Api.Catalogue;

/// <summary>Metrics of the page cache, as the meter <c>Kasparro.Api</c>.</summary>
internal sealed class ApiMetrics
{
    public const string MeterName = "Kasparro.Api";

    private static readonly KeyValuePair<string, object?> InProcess = new("tier", "process");
    private static readonly KeyValuePair<string, object?> InRedis = new("tier", "redis");

    private readonly Meter _meter;
    private readonly Counter<long> _hits;
    private readonly Counter<long> _misses;
    private readonly Counter<long> _renders;
    private readonly Counter<long> _cacheFailures;

    public ApiMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _hits = _meter.CreateCounter<long>("kasparro.pages.hits", "{page}", "Pages answered from a cache, by tier.");
        _misses = _meter.CreateCounter<long>("kasparro.pages.misses", "{page}", "Pages that were not in the process.");
        _renders = _meter.CreateCounter<long>("kasparro.pages.renders", "{page}", "Pages rendered from Postgres.");
        _cacheFailures = _meter.CreateCounter<long>("kasparro.cache.failures", "{call}", "Calls to Redis that failed or took too long.");
    }

    public void HitInProcess() => _hits.Add(1, InProcess);

    public void HitInRedis() => _hits.Add(1, InRedis);

    public void Missed() => _misses.Add(1);

    public void Rendered() => _renders.Add(1);

    public void CacheFailed() => _cacheFailures.Add(1);

    public void ObserveVersion(Func<long?> version) => _meter.CreateObservableGauge(
        "kasparro.catalogue.version",
        () => version() is { } known ? [new Measurement<long>(known)] : Array.Empty<Measurement<long>>(),
        "{version}",
        "The newest catalogue version that this process knows of.");
}
