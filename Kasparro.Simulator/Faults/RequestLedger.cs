using System.Collections.Concurrent;
using Kasparro.Simulator.Upstreams;

namespace Kasparro.Simulator.Faults;

/// <summary>Counts the requests of each route, so that a test can see retries, or that there were none.</summary>
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

/// <param name="Upstream">The upstream.</param>
/// <param name="Route">The route, as its vendor documents it.</param>
/// <param name="Requests">The number of all requests.</param>
/// <param name="Faults">The number of requests that a fault affected.</param>
internal sealed record RouteCount(string Upstream, string Route, int Requests, int Faults);
