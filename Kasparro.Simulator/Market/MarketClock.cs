namespace Kasparro.Simulator.Market;

/// <summary>Divides time into intervals, in which prices stand still and responses have the same bytes.</summary>
internal sealed class MarketClock(TimeProvider time, TimeSpan interval, DateTimeOffset? fixedAt)
{
    public int IntervalSeconds { get; } = (int)interval.TotalSeconds;

    /// <summary>The current interval, counted from 1970.</summary>
    public long Now => (fixedAt ?? time.GetUtcNow()).ToUnixTimeSeconds() / IntervalSeconds;
}
