using System.Diagnostics.CodeAnalysis;

namespace Kasparro.Api.History;

/// <summary>The candles that a request asks for.</summary>
/// <param name="AssetId">The asset.</param>
/// <param name="From">Where the first candle begins, UTC.</param>
/// <param name="To">Where the last candle ends, UTC.</param>
/// <param name="Interval">The candles' length.</param>
/// <param name="Source">The source of the quotes; null for the source of the asset's price.</param>
internal sealed record HistoryQuery(Guid AssetId, DateTime From, DateTime To, HistoryInterval Interval, string? Source)
{
    private const int DefaultPoints = 100;
    private const int MaxPoints = 2000;

    /// <summary>Widens the times of a request to whole intervals.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <param name="query">The candles.</param>
    /// <param name="error">What is wrong with <c>from</c>.</param>
    public static bool TryCreate(
        HistoryRequest request, DateTime now, [NotNullWhen(true)] out HistoryQuery? query, [NotNullWhen(false)] out string? error)
    {
        var interval = HistoryInterval.All.FirstOrDefault(known => known.Name == request.Interval) ?? HistoryInterval.Day;
        var end = interval.Ceiling(request.To?.Value ?? now);
        var earliest = end.Ticks < interval.Length.Ticks * DefaultPoints ? DateTime.MinValue : end - (interval.Length * DefaultPoints);
        var begin = interval.Floor(request.From?.Value ?? earliest);
        error = begin >= end ? "must be before to, which is now by default"
            : (end - begin).Ticks / interval.Length.Ticks > MaxPoints ? $"must be at most {MaxPoints} intervals before to"
            : null;
        query = error is null ? new(request.Id.AssetId, begin, end, interval, request.Source) : null;
        return query is not null;
    }
}
