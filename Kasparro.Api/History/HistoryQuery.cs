using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kasparro.Api.History;

/// <summary>A question to <c>/assets/{id}/history</c>.</summary>
/// <param name="AssetId">The asset.</param>
/// <param name="From">Where the first candle begins, UTC.</param>
/// <param name="To">Where the last candle ends, UTC.</param>
/// <param name="Interval">The candles' length.</param>
/// <param name="Source">Whose quotes; null for the asset's best source.</param>
internal sealed record HistoryQuery(Guid AssetId, DateTime From, DateTime To, HistoryInterval Interval, string? Source)
{
    public const string IdName = "id";
    public const string FromName = "from";
    public const string ToName = "to";
    public const string IntervalName = "interval";
    public const string SourceName = "source";
    public const int DefaultPoints = 100;
    public const int MaxPoints = 2000;

    private const string TimeError = "must be a time as RFC 3339 writes it, such as 2026-11-20T12:00:00Z, or a date, such as 2026-11-20";

    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <summary>Reads the request, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        string id,
        IQueryCollection given,
        DateTime now,
        [NotNullWhen(true)] out HistoryQuery? query,
        [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (from, to, interval, source) = (default(DateTime?), default(DateTime?), HistoryInterval.Day, default(string));
        if (!Guid.TryParseExact(id, "D", out var assetId))
        {
            wrong.Add(IdName, ["must be a UUID"]);
        }

        foreach (var (name, values) in given)
        {
            var value = values.ToString();
            var error = (name, values.Count) switch
            {
                (FromName or ToName or IntervalName or SourceName, > 1) => "must be given once",
                (FromName, _) => TryParseTime(value, out from) ? null : TimeError,
                (ToName, _) => TryParseTime(value, out to) ? null : TimeError,
                (IntervalName, _) => TryParseInterval(value, ref interval) ? null : $"must be one of {HistoryInterval.Names}",
                (SourceName, _) => SourceNames.All.Contains(source = value, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", SourceNames.All)}",
                _ => $"is not a parameter of this resource; those are {FromName}, {ToName}, {IntervalName}, {SourceName}",
            };
            if (error is not null)
            {
                wrong.Add(name, [error]);
            }
        }

        var end = interval.Ceiling(to ?? now);
        var begin = interval.Floor(from ?? (end.Ticks < interval.Length.Ticks * DefaultPoints ? DateTime.MinValue : end - (interval.Length * DefaultPoints)));
        if (!wrong.ContainsKey(FromName) && !wrong.ContainsKey(ToName) && !wrong.ContainsKey(IntervalName))
        {
            if (begin >= end)
            {
                wrong.Add(FromName, [$"must be before {ToName}, which is now where it is not given"]);
            }
            else if ((end - begin).Ticks / interval.Length.Ticks > MaxPoints)
            {
                wrong.Add(FromName, [$"must be at most {MaxPoints} intervals before {ToName}"]);
            }
        }

        (query, errors) = wrong.Count == 0 ? (new HistoryQuery(assetId, begin, end, interval, source), null) : (default(HistoryQuery), wrong);
        return query is not null;
    }

    private static bool TryParseTime(string text, out DateTime? time)
    {
        // A plus sign that was not escaped arrives as a space.
        var isTime = DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed);
        time = isTime ? parsed.UtcDateTime : null;
        return isTime;
    }

    private static bool TryParseInterval(string name, ref HistoryInterval interval)
    {
        var found = HistoryInterval.All.FirstOrDefault(candidate => candidate.Name == name);
        interval = found ?? interval;
        return found is not null;
    }
}
