using System.Diagnostics.CodeAnalysis;
using Kasparro.Api.Catalogue;

namespace Kasparro.Api.History;

/// <summary>The candles that a request asks for, of any asset.</summary>
/// <param name="From">The beginning of the first candle, UTC.</param>
/// <param name="To">The end of the last candle, UTC.</param>
/// <param name="Interval">The candles' length.</param>
/// <param name="Source">The only source whose quotes count; null for all.</param>
/// <param name="Currency">The currency of amounts, in lower case.</param>
internal sealed record HistoryWindow(DateTime From, DateTime To, HistoryInterval Interval, string? Source, string Currency)
{
    /// <summary>The maximum number of candles of one asset: ten years of days.</summary>
    public const int MaxPoints = 4_000;

    private const int DefaultPoints = 100;

    /// <summary>The number of intervals between the beginning and the end.</summary>
    public long Intervals => (To - From).Ticks / Interval.Length.Ticks;

    /// <summary>Widens the times of a request to whole intervals.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="window">The window of whole intervals.</param>
    /// <param name="error">Explains why <c>from</c> is invalid.</param>
    public static bool TryCreate(
        CandleRequest request, DateTime now, [NotNullWhen(true)] out HistoryWindow? window, [NotNullWhen(false)] out string? error)
    {
        var interval = HistoryInterval.All.FirstOrDefault(known => known.Name == request.Interval) ?? HistoryInterval.Day;
        var end = interval.Ceiling(request.To?.Value ?? now);
        var earliest = end.Ticks < interval.Length.Ticks * DefaultPoints ? DateTime.MinValue : end - (interval.Length * DefaultPoints);
        var begin = interval.Floor(request.From?.Value ?? earliest);
        window = new(begin, end, interval, request.Source, request.Currency?.Value ?? CurrencyRates.Usd);
        error = begin >= end ? "must be before to, which is now by default"
            : window.Intervals > MaxPoints ? $"must be at most {MaxPoints} intervals before to"
            : null;
        return error is null;
    }

    /// <summary>
    /// Finds the times before, between and after the candles in which there is no candle. An interval that is not over yet is not a gap.
    /// </summary>
    /// <param name="points">Candles of this window, the oldest first.</param>
    /// <param name="now">The current time, UTC.</param>
    public IReadOnlyList<HistoryGap> FindGaps(IReadOnlyList<Candle> points, DateTime now)
    {
        var gaps = new List<HistoryGap>();
        var (expected, end) = (From, To < now ? To : Interval.Floor(now));
        foreach (var point in points)
        {
            Add(point.Time < end ? point.Time : end);
            expected = point.Time + Interval.Length;
        }

        Add(end);
        return gaps;

        void Add(DateTime until)
        {
            if (expected < until)
            {
                gaps.Add(new(expected, until));
            }
        }
    }
}
