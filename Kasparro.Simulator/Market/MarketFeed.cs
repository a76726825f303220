using Kasparro.Simulator.Generation;

namespace Kasparro.Simulator.Market;

/// <summary>Provides the snapshot of the current interval, which is taken once and shared by all requests.</summary>
internal sealed class MarketFeed(SyntheticCatalogue catalogue, MarketClock clock)
{
    private readonly Lock _taking = new();
    private MarketSnapshot? _latest;

    /// <summary>The beginning of the current interval.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds(clock.Now * clock.IntervalSeconds);

    /// <summary>Computes the history of an asset, one point for each step; its values match those of the market.</summary>
    public IEnumerable<HistoryPoint> History(SyntheticAsset asset, DateTimeOffset from, DateTimeOffset to, TimeSpan step) =>
        HistoryGrid.Between(from, to, step).Select(at =>
        {
            var second = MarketModel.UpdatedAt(asset, at.ToUnixTimeSeconds() / clock.IntervalSeconds, clock.IntervalSeconds);
            var price = MarketModel.Price(asset, second);
            return new HistoryPoint(
                at, Rounding.Significant(price, 14), Math.Round(price * asset.Market.Circulating),
                Rounding.Significant(MarketModel.Volume(asset, second), 14));
        });

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
