using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Runs;

/// <summary>The sums over the pages of a run.</summary>
internal sealed class RunTotals
{
    public int Pages { get; private set; }

    public PageOutcome Sum { get; private set; }

    public TimeSpan Loading { get; private set; }

    public void Add(PageOutcome outcome, TimeSpan loading)
    {
        Pages++;
        Loading += loading;
        Sum += outcome;
    }
}
