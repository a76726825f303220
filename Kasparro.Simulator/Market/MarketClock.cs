namespace Kasparro.Simulator.Market;

/// <summary>Time in intervals: within one, prices stand still and responses are the same bytes.</summary>
internal sealed class MarketClock(TimeProvider time, TimeSpan interval, DateTimeOffset? fixedAt)
{
    public int IntervalSeconds { get; } = (int)interval.TotalSeconds;

    /// <summary>The interval that it is now, counted from 1970.</summary>
    public long Now => (fixedAt ?? time.GetUtcNow()).ToUnixTimeSeconds() / IntervalSeconds;
}
