using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>The totals over the pages of a run, and over those of each stream.</summary>
internal sealed class RunTotals
{
    private readonly List<StreamOutcome> _streams = [];

    /// <summary>The streams that had records, in the order in which they were read.</summary>
    public IReadOnlyList<StreamOutcome> Streams => _streams;

    public int Pages { get; private set; }

    public PageOutcome Sum { get; private set; }

    public TimeSpan Loading { get; private set; }

    /// <summary>Begins a stream with the given display name.</summary>
    public void Begin(string title) => _streams.Add(new(title, default));

    /// <summary>Ends the stream that was begun last; returns null if it had no records.</summary>
    public StreamOutcome? End()
    {
        var last = _streams[^1];
        if (last.Totals.Read > 0)
        {
            return last;
        }

        _streams.RemoveAt(_streams.Count - 1);
        return null;
    }

    public void Add(PageOutcome outcome, TimeSpan loading)
    {
        _streams[^1] = _streams[^1] with { Totals = _streams[^1].Totals + outcome };
        Pages++;
        Loading += loading;
        Sum += outcome;
    }
}
