using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kasparro.Api.Identity;

/// <summary>A question to <c>/identity/conflicts</c>.</summary>
/// <param name="Limit">Rows a page, 1 to <see cref="MaxLimit"/>.</param>
/// <param name="After">Where the page before ended; null for the first.</param>
/// <param name="Reason">One reason only; null for all.</param>
internal sealed record ConflictQuery(int Limit, ConflictCursor? After, string? Reason)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 500;
    public const int MaxReasonLength = 50;
    public const string LimitName = "limit";
    public const string CursorName = "cursor";
    public const string ReasonName = "reason";

    /// <summary>Reads the query string, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        IQueryCollection given, [NotNullWhen(true)] out ConflictQuery? query, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (limit, after, reason) = (DefaultLimit, default(ConflictCursor?), default(string));
        foreach (var (name, values) in given)
        {
            var value = values.ToString();
            var error = (name, values.Count) switch
            {
                (LimitName or CursorName or ReasonName, > 1) => "must be given once",
                (LimitName, _) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit
                    ? null
                    : $"must be a whole number from 1 to {MaxLimit}",
                (CursorName, _) => ConflictCursor.TryParse(value, out after) ? null : "must be a next_cursor of this resource",
                (ReasonName, _) => IsReason(value) ? null : $"must be a reason as conflicts have it: at most {MaxReasonLength} letters and underscores",
                _ => $"is not a parameter of this resource; those are {LimitName}, {CursorName}, {ReasonName}",
            };
            if (error is not null)
            {
                wrong.Add(name, [error]);
            }
            else if (name == ReasonName)
            {
                reason = value;
            }
        }

        (query, errors) = wrong.Count == 0 ? (new ConflictQuery(limit, after, reason), null) : (default(ConflictQuery), wrong);
        return query is not null;
    }

    private static bool IsReason(string text) =>
        text.Length is > 0 and <= MaxReasonLength && text.All(letter => char.IsAsciiLetterLower(letter) || letter == '_');
}
