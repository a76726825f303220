namespace Kasparro.Api.History;

/// <summary>A candle's length. All candles begin on UTC boundaries: weeks on Monday, days at midnight.</summary>
internal sealed record HistoryInterval(string Name, TimeSpan Length)
{
    /// <summary>A Monday at midnight UTC, which intervals of all lengths are aligned to.</summary>
    public static readonly DateTime Origin = new(2000, 1, 3, 0, 0, 0, DateTimeKind.Utc);

    public static readonly HistoryInterval Day = new("1d", TimeSpan.FromDays(1));

    public static IReadOnlyList<HistoryInterval> All { get; } =
    [
        new("5m", TimeSpan.FromMinutes(5)),
        new("15m", TimeSpan.FromMinutes(15)),
        new("1h", TimeSpan.FromHours(1)),
        new("4h", TimeSpan.FromHours(4)),
        Day,
        new("1w", TimeSpan.FromDays(7)),
    ];

    /// <summary>Gets the beginning of the interval that contains the time.</summary>
    public DateTime Floor(DateTime time)
    {
        var past = (time - Origin).Ticks % Length.Ticks;
        var floor = time.Ticks - (past < 0 ? past + Length.Ticks : past);
        return floor < 0 ? DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc) : new DateTime(floor, DateTimeKind.Utc);
    }

    /// <summary>Gets the end of the interval that contains the time, or the time itself if an interval begins there.</summary>
    public DateTime Ceiling(DateTime time)
    {
        var floor = Floor(time);
        return floor == time ? time
            : floor.Ticks > DateTime.MaxValue.Ticks - Length.Ticks ? DateTime.SpecifyKind(DateTime.MaxValue, DateTimeKind.Utc)
                : floor + Length;
    }
}
