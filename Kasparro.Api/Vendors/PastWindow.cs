namespace Kasparro.Api.Vendors;

/// <summary>An age of past prices that the current price is compared with.</summary>
/// <param name="Name">The name in CoinGecko's parameters.</param>
/// <param name="Age">The time before that of the current price.</param>
/// <param name="Tolerance">How much older than that the quote may be: quotes are stored when they change, and an older quote says too
/// little about that time.</param>
internal sealed record PastWindow(string Name, TimeSpan Age, TimeSpan Tolerance)
{
    public static readonly PastWindow QuarterHour = new("15m", TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(10));
    public static readonly PastWindow HalfHour = new("30m", TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(15));
    public static readonly PastWindow Hour = new("1h", TimeSpan.FromHours(1), TimeSpan.FromMinutes(30));
    public static readonly PastWindow SixHours = new("6h", TimeSpan.FromHours(6), TimeSpan.FromHours(2));
    public static readonly PastWindow HalfDay = new("12h", TimeSpan.FromHours(12), TimeSpan.FromHours(4));
    public static readonly PastWindow Day = new("24h", TimeSpan.FromDays(1), TimeSpan.FromHours(7));
    public static readonly PastWindow Week = new("7d", TimeSpan.FromDays(7), TimeSpan.FromDays(1));
    public static readonly PastWindow Month = new("30d", TimeSpan.FromDays(30), TimeSpan.FromDays(3));
    public static readonly PastWindow Year = new("1y", TimeSpan.FromDays(365), TimeSpan.FromDays(30));

    /// <summary>All windows, the shortest first.</summary>
    public static IReadOnlyList<PastWindow> All { get; } =
    [
        QuarterHour,
        HalfHour,
        Hour,
        SixHours,
        HalfDay,
        Day,
        Week,
        new("14d", TimeSpan.FromDays(14), TimeSpan.FromDays(2)),
        Month,
        new("60d", TimeSpan.FromDays(60), TimeSpan.FromDays(6)),
        new("200d", TimeSpan.FromDays(200), TimeSpan.FromDays(20)),
        Year,
    ];

    /// <summary>Finds the window with a name, or null if there is none.</summary>
    public static PastWindow? Find(string name) =>
        All.FirstOrDefault(window => window.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
