using System.Collections.Concurrent;
using Kasparro.Simulator.Upstreams;

namespace Kasparro.Simulator.Faults;

/// <summary>Counts what was asked of each route: a test can see retries, and that there were none.</summary>
internal sealed class RequestLedger
{
    private readonly ConcurrentDictionary<UpstreamRoute, (int Requests, int Faults)> _counts = new();

    public void Count(UpstreamRoute route, bool isFaulty) =>
        _counts.AddOrUpdate(route, (1, isFaulty ? 1 : 0), (_, count) => (count.Requests + 1, count.Faults + (isFaulty ? 1 : 0)));

    public void Clear() => _counts.Clear();

    public IReadOnlyList<RouteCount> List() =>
        [.. _counts.Select(c => new RouteCount(c.Key.Upstream, c.Key.Route, c.Value.Requests, c.Value.Faults))
            .OrderBy(c => c.Upstream, StringComparer.Ordinal).ThenBy(c => c.Route, StringComparer.Ordinal)];
}

/// <param name="Upstream">Whose route.</param>
/// <param name="Route">Which, as its vendor documents it.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Faults">Those that a fault spoiled.</param>
internal sealed record RouteCount(string Upstream, string Route, int Requests, int Faults);
