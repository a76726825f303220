using System.Globalization;

namespace Kasparro.Api.Events;

/// <summary>
/// How far a client has followed: the newest catalogue version and the newest start or end of a run that it knows. As an event's id it means the
/// same to every replica, since all of it comes from Postgres.
/// </summary>
/// <param name="Version">The catalogue's version.</param>
/// <param name="RunsAt">When a run last started or ended; UTC ticks.</param>
internal sealed record EventPosition(long Version, long RunsAt)
{
    private const char Separator = '.';

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else: such a client begins as a new one does.</summary>
    public static EventPosition? Parse(string? id) =>
        id?.Split(Separator) is [var version, var runsAt]
        && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(runsAt, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(number, ticks)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}{Separator}{RunsAt}");
}
