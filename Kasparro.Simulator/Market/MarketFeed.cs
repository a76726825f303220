using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>The snapshot of the current interval, taken once and shared by all requests in it.</summary>
internal sealed class MarketFeed(SyntheticCatalogue catalogue, MarketClock clock)
{
    private readonly Lock _taking = new();
    private MarketSnapshot? _latest;

    public MarketSnapshot Current
    {
        get
        {
            lock (_taking)
            {
                var now = clock.Now;
                if (_latest?.Interval != now)
                {
                    _latest = MarketSnapshot.Take(catalogue, now, clock.IntervalSeconds);
                }

                return _latest;
            }
        }
    }
}
