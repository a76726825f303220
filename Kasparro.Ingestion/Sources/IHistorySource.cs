namespace Kasparro.Ingestion.Sources;

/// <summary>An upstream that tells past prices.</summary>
internal interface IHistorySource
{
    /// <summary>The public name (<see cref="SourceNames"/>).</summary>
    string Name { get; }

    /// <summary>How many calls a minute the plan allows; 0 where it sets no limit.</summary>
    int RequestsPerMinute { get; }

    /// <summary>How long before a source is due the upstream is left alone: its calls of that minute are the schedule's.</summary>
    TimeSpan Quiet => RequestsPerMinute > 0 ? CacheKeys.CallWindow : TimeSpan.Zero;

    /// <summary>
    /// The time from one call to the next: half of a minute's calls are left to what cannot wait. None where there is no limit.
    /// </summary>
    TimeSpan Pause => RequestsPerMinute > 0 ? 2 * CacheKeys.CallWindow / RequestsPerMinute : TimeSpan.Zero;

    /// <summary>
    /// Cuts a time into windows of one call each, the newest first. What lies before the reach of the plan is left out.
    /// </summary>
    /// <param name="from">From when on prices are wanted.</param>
    /// <param name="to">Up to when.</param>
    /// <param name="now">The time that it is.</param>
    IReadOnlyList<HistoryWindow> Cut(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now);

    /// <summary>Reads the prices of one window, in USD.</summary>
    /// <param name="externalId">What the source calls the coin.</param>
    /// <param name="window">The window; what the plan no longer reaches of it is not asked for.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UpstreamRefusedException">The upstream has no such coin, or the plan does not cover the window.</exception>
    /// <exception cref="SourceException">What it sent cannot be read.</exception>
    Task<PriceHistory> ReadAsync(string externalId, HistoryWindow window, CancellationToken cancellationToken);
}

/// <summary>A time that one call reads, both ends included.</summary>
internal readonly record struct HistoryWindow(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether a time lies within it.</summary>
    public bool Has(DateTimeOffset time) => time >= From && time <= To;
}

/// <summary>The price of a coin at a time.</summary>
internal readonly record struct HistoryPoint(DateTimeOffset At, double PriceUsd, double? MarketCapUsd, double? Volume24hUsd);

/// <summary>Past prices of a coin.</summary>
/// <param name="Points">Those that can be used, one a time.</param>
/// <param name="Dropped">How many cannot.</param>
internal sealed record PriceHistory(IReadOnlyCollection<HistoryPoint> Points, int Dropped)
{
    /// <summary>No prices.</summary>
    public static PriceHistory Empty { get; } = new([], 0);
}

/// <summary>Collects the points of a window; of two of one time, the later word counts.</summary>
/// <param name="window">Points of other times are not what was asked for.</param>
internal sealed class HistoryBuilder(HistoryWindow window)
{
    private readonly Dictionary<DateTimeOffset, HistoryPoint> _points = [];
    private int _dropped;
    private int _unreadable;

    /// <summary>Adds a point, or drops it where it has no time within the window or no price above zero.</summary>
    public void Add(DateTimeOffset? at, double? price, double? marketCap, double? volume)
    {
        if (at is { } time && window.Has(time) && price is > 0 and < double.PositiveInfinity)
        {
            _points[time] = new(time, price.Value, marketCap > 0 ? Usable(marketCap) : null, volume >= 0 ? Usable(volume) : null);
        }
        else
        {
            _dropped++;
            _unreadable += at is null || at < PriceTime.Earliest ? 1 : 0; // Seconds, read as milliseconds, are of 1970.
        }
    }

    /// <summary>The points so far.</summary>
    /// <exception cref="SourceException">None has a time that can be: they are written in another way; the window was not read.</exception>
    public PriceHistory Build() => _unreadable > 0 && _unreadable == _dropped && _points.Count == 0
        ? throw new SourceException($"None of {_dropped} past prices can be read.")
        : new(_points.Values, _dropped);

    private static double? Usable(double? value) => value is { } number && double.IsFinite(number) ? number + 0.0 : null;
}
