using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Kasparro.Api.Changes;

/// <summary>A question to <c>/changes</c>.</summary>
/// <param name="Since">The version that the client has.</param>
/// <param name="Limit">Changed assets a page, 1 to <see cref="MaxLimit"/>; a version is never parted, so the first one may bring more.</param>
internal sealed record ChangesQuery(long Since, int Limit)
{
    public const string SinceName = "since";
    public const string LimitName = "limit";
    public const int DefaultLimit = 1000;
    public const int MaxLimit = 5000;

    /// <summary>What is wrong with a version that the catalogue has not reached.</summary>
    public const string UnknownVersion = "must be a version that this catalogue has reached";

    /// <summary>Reads the query string, and says everything that is wrong with it at once.</summary>
    public static bool TryParse(
        IQueryCollection given, [NotNullWhen(true)] out ChangesQuery? query, [NotNullWhen(false)] out IReadOnlyDictionary<string, string[]>? errors)
    {
        var wrong = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var (since, limit) = (0L, DefaultLimit);
        foreach (var (name, values) in given)
        {
            var value = values.ToString();
            var error = (name, values.Count) switch
            {
                (SinceName or LimitName, > 1) => "must be given once",
                (SinceName, _) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out since)
                    ? null
                    : "must be a catalogue version, a whole number from 0",
                (LimitName, _) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is >= 1 and <= MaxLimit
                    ? null
                    : $"must be a whole number from 1 to {MaxLimit}",
                _ => $"is not a parameter of this resource; those are {SinceName}, {LimitName}",
            };
            if (error is not null)
            {
                wrong.Add(name, [error]);
            }
        }

        if (!given.ContainsKey(SinceName))
        {
            wrong.Add(SinceName, ["must be given: the catalogue version that you have"]);
        }

        (query, errors) = wrong.Count == 0 ? (new ChangesQuery(since, limit), null) : (default(ChangesQuery), wrong);
        return query is not null;
    }
}
