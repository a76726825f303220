namespace Kasparro.Simulator.Market;

/// <summary>What a coin cost at one time.</summary>
/// <param name="At">The time.</param>
/// <param name="Price">US dollars.</param>
/// <param name="Cap">Its market cap in US dollars; null where it is not known.</param>
/// <param name="Volume">US dollars traded in the 24 hours before.</param>
internal readonly record struct HistoryPoint(DateTimeOffset At, double Price, double? Cap, double? Volume);

/// <summary>The times at which a history has points.</summary>
internal static class HistoryGrid
{
    /// <summary>The multiples of a step since 1970, from one time to another, both included.</summary>
    public static IEnumerable<DateTimeOffset> Between(DateTimeOffset from, DateTimeOffset to, TimeSpan step)
    {
        var ticks = (from - DateTimeOffset.UnixEpoch).Ticks;
        var first = ((ticks + step.Ticks - 1) / step.Ticks) * step.Ticks;
        for (var at = DateTimeOffset.UnixEpoch.AddTicks(first); at <= to; at += step)
        {
            yield return at;
        }
    }
}
