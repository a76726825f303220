using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>The snapshot of the current interval, taken once and shared by all requests in it.</summary>
internal sealed class MarketFeed(SyntheticCatalogue catalogue, MarketClock clock)
{
    private readonly Lock _taking = new();
    private MarketSnapshot? _latest;

    /// <summary>The beginning of the current interval.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(clock.Now * clock.IntervalSeconds);

    /// <summary>The second at which the price was made that an asset shows at a time: of now, the one that the market shows.</summary>
    public long UpdatedAt(SyntheticAsset asset, DateTimeOffset at) =>
        MarketModel.UpdatedAt(asset, at.ToUnixTimeSeconds() / clock.IntervalSeconds, clock.IntervalSeconds);

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
