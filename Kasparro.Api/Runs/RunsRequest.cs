using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Kasparro.Data.Runs;

namespace Kasparro.Api.Runs;

/// <summary>A question to <c>/runs</c>.</summary>
/// <param name="Limit">Runs a page, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="Before">The last run of the page before; null for the first page.</param>
/// <param name="Source">One source only; null for all.</param>
/// <param name="Status">One status only; null for all.</param>
internal sealed record RunsRequest(int Limit, Guid? Before, string? Source, string? Status)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;
    public const string LimitName = "limit";
    public const string CursorName = "cursor";
    public const string SourceName = "source";
    public const string StatusName = "status";

    public static readonly IReadOnlyList<string> Statuses =
        [RunStatus.Running, RunStatus.Completed, RunStatus.Failed, RunStatus.Interrupted, RunStatus.Cancelled, RunStatus.LostLock];

    /// <summary>Reads the query string, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        IQueryCollection given, [NotNullWhen(true)] out RunsRequest? query, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (limit, before, source, status) = (DefaultLimit, default(Guid?), default(string), default(string));
        foreach (var (name, values) in given)
        {
            var value = values.ToString();
            var error = (name, values.Count) switch
            {
                (LimitName or CursorName or SourceName or StatusName, > 1) => "must be given once",
                (LimitName, _) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit
                    ? null
                    : $"must be a whole number from 1 to {MaxLimit}",
                (CursorName, _) => TryParseCursor(value, out before) ? null : "must be a next_cursor of this resource",
                (SourceName, _) => OneOf(SourceNames.All, value, out source),
                (StatusName, _) => OneOf(Statuses, value, out status),
                _ => $"is not a parameter of this resource; those are {LimitName}, {CursorName}, {SourceName}, {StatusName}",
            };
            if (error is not null)
            {
                wrong.Add(name, [error]);
            }
        }

        (query, errors) = wrong.Count == 0 ? (new RunsRequest(limit, before, source, status), null) : (default(RunsRequest), wrong);
        return query is not null;
    }

    /// <summary>Runs have ids in the order of time, so the last one's id is where the next page begins.</summary>
    public static string CursorAfter(Guid runId) => runId.ToString("N");

    private static bool TryParseCursor(string text, out Guid? before)
    {
        before = Guid.TryParseExact(text, "N", out var id) ? id : null;
        return before is not null;
    }

    private static string? OneOf(IEnumerable<string> known, string value, out string? found)
    {
        found = known.FirstOrDefault(name => name == value);
        return found is null ? $"must be one of {string.Join(", ", known)}" : null;
    }
}
