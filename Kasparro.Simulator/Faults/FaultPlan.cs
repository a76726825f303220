using Kasparro.Simulator.Upstreams;

namespace Kasparro.Simulator.Faults;

/// <summary>
/// The faults that are to strike. Faults on one route wait for each other: the first that is due and not used up strikes.
/// </summary>
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

    /// <summary>Counts a request against the plan, and says what is to go wrong with it.</summary>
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

/// <param name="Fault">What was ordered.</param>
/// <param name="Requests">Requests of its routes since then.</param>
/// <param name="Struck">How many of them it spoiled.</param>
internal sealed record FaultState(Fault Fault, int Requests, int Struck);
