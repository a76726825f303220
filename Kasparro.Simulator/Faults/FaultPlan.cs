using Kasparro.Simulator.Upstreams;

namespace Kasparro.Simulator.Faults;

/// <summary>The planned faults. Each request gets the first fault of its route that is due and not used up.</summary>
internal sealed class FaultPlan
{
    private readonly Lock _planning = new();
    private readonly List<Entry> _entries = [];

    public void Add(Fault fault)
    {
        lock (_planning)
        {
            _entries.Add(new Entry(fault));
        }
    }

    public void Clear()
    {
        lock (_planning)
        {
            _entries.Clear();
        }
    }

    public IReadOnlyList<FaultState> List()
    {
        lock (_planning)
        {
            return [.. _entries.Select(e => new FaultState(e.Fault, e.Seen, e.Struck))];
        }
    }

    /// <summary>Counts a request, and gets the fault that applies to it, or null.</summary>
    public Fault? Strike(UpstreamRoute route)
    {
        lock (_planning)
        {
            Entry? striking = null;
            foreach (var entry in _entries.Where(e => e.Concerns(route)))
            {
                entry.Seen++;
                striking ??= entry.IsDue ? entry : null;
            }

            striking?.Struck += 1;
            return striking?.Fault;
        }
    }

    private sealed class Entry(Fault fault)
    {
        public Fault Fault { get; } = fault;

        public int Seen { get; set; }

        public int Struck { get; set; }

        public bool IsDue => Seen > Fault.AfterRequests && (Fault.Times == 0 || Struck < (Fault.Times ?? 1));

        public bool Concerns(UpstreamRoute route) =>
            (Fault.Upstream is null || Fault.Upstream == route.Upstream) && (Fault.Route is null || Fault.Route == route.Route);
    }
}

/// <param name="Fault">The fault as it was requested.</param>
/// <param name="Requests">The number of requests of its routes since then.</param>
/// <param name="Struck">The number of requests that it affected.</param>
internal sealed record FaultState(Fault Fault, int Requests, int Struck);
