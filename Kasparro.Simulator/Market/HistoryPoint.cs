namespace Kasparro.Simulator.Market;

/// <summary>The price of a coin at one time.</summary>
/// <param name="At">The time.</param>
/// <param name="Price">The price in US dollars.</param>
/// <param name="Cap">The market cap in US dollars; null if it is not known.</param>
/// <param name="Volume">The volume of the 24 hours before, in US dollars.</param>
internal readonly record struct HistoryPoint(DateTimeOffset At, double Price, double? Cap, double? Volume);

/// <summary>The times of a history's points.</summary>
internal static class HistoryGrid
{
    /// <summary>Enumerates the multiples of a step since 1970 between two times, both inclusive.</summary>
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
