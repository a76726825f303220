namespace Kasparro.Ingestion.Sources;

/// <summary>An upstream that provides past prices.</summary>
internal interface IHistorySource
{
    /// <summary>The public name (<see cref="SourceNames"/>).</summary>
    string Name { get; }

    /// <summary>The number of calls per minute that the plan allows; 0 if it sets no limit.</summary>
    int RequestsPerMinute { get; }

    /// <summary>How long before a source is due backfills stop calling its upstream; the calls of that minute are the schedule's.</summary>
    TimeSpan Quiet => RequestsPerMinute > 0 ? CacheKeys.CallWindow : TimeSpan.Zero;

    /// <summary>
    /// The time from one call to the next, which leaves half of each minute's calls to more urgent work; zero if there is no limit.
    /// </summary>
    TimeSpan Pause => RequestsPerMinute > 0 ? 2 * CacheKeys.CallWindow / RequestsPerMinute : TimeSpan.Zero;

    /// <summary>Divides a period into windows of one call each, newest first. The part before the reach of the plan is left out.</summary>
    /// <param name="from">The start of the period.</param>
    /// <param name="to">The end of the period.</param>
    /// <param name="now">The current time.</param>
    IReadOnlyList<HistoryWindow> Cut(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now);

    /// <summary>Reads the prices of one window, in USD.</summary>
    /// <param name="externalId">The source's id of the coin.</param>
    /// <param name="window">The window; the part that the plan no longer reaches is not requested.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="UpstreamRefusedException">The upstream has no such coin, or the plan does not cover the window.</exception>
    /// <exception cref="SourceException">The response cannot be read.</exception>
    Task<PriceHistory> ReadAsync(string externalId, HistoryWindow window, CancellationToken cancellationToken);
}

/// <summary>A period that one call reads, including both ends.</summary>
internal readonly record struct HistoryWindow(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Whether a time lies within the window.</summary>
    public bool Has(DateTimeOffset time) => time >= From && time <= To;
}

/// <summary>The price of a coin at a time.</summary>
internal readonly record struct HistoryPoint(DateTimeOffset At, double PriceUsd, double? MarketCapUsd, double? Volume24hUsd);

/// <summary>The past prices of a coin.</summary>
/// <param name="Points">The usable prices, one per time.</param>
/// <param name="Dropped">The number of unusable prices.</param>
internal sealed record PriceHistory(IReadOnlyCollection<HistoryPoint> Points, int Dropped)
{
    /// <summary>No prices.</summary>
    public static PriceHistory Empty { get; } = new([], 0);
}

/// <summary>Collects the points of a window; if two have the same time, the later one wins.</summary>
/// <param name="window">The requested window; points outside it are dropped.</param>
internal sealed class HistoryBuilder(HistoryWindow window)
{
    private readonly Dictionary<DateTimeOffset, HistoryPoint> _points = [];
    private int _dropped;
    private int _unreadable;

    /// <summary>Adds a point, or drops it if it has no time within the window or no price above zero.</summary>
    public void Add(DateTimeOffset? at, double? price, double? marketCap, double? volume)
    {
        if (at is { } time && window.Has(time) && price is > 0 and < double.PositiveInfinity)
        {
            _points[time] = new(time, price.Value, marketCap > 0 ? Usable(marketCap) : null, volume >= 0 ? Usable(volume) : null);
        }
        else
        {
            _dropped++;
            _unreadable += at is null || at < PriceTime.Earliest ? 1 : 0; // Seconds misread as milliseconds fall in 1970.
        }
    }

    /// <summary>The points so far.</summary>
    /// <exception cref="SourceException">No point has a plausible time: the format has changed, and the window was not read.</exception>
    public PriceHistory Build() => _unreadable > 0 && _unreadable == _dropped && _points.Count == 0
        ? throw new SourceException($"None of {_dropped} past prices can be read.")
        : new(_points.Values, _dropped);

    private static double? Usable(double? value) => value is { } number && double.IsFinite(number) ? number + 0.0 : null;
}
