using System.Globalization;
using Kasparro.Api.Catalogue;

namespace Kasparro.Api.Events;

/// <summary>
/// A client's progress: the newest state of the catalogue and the newest start or end of a run that it knows. As an event's id it means the
/// same to every replica, since all of it comes from Postgres.
/// </summary>
/// <param name="Stamp">The catalogue's state.</param>
/// <param name="RunsAt">When a run last started or ended, in UTC ticks.</param>
internal sealed record EventPosition(CatalogueStamp Stamp, long RunsAt)
{
    private const char Separator = '-';

    /// <summary>Parses the result of <see cref="ToString"/>; null for anything else, and the client then starts as a new one.</summary>
    public static EventPosition? Parse(string? id) =>
        id?.Split(Separator) is [var stamp, var runsAt]
        && CatalogueStamp.TryParse(stamp, out var known)
        && long.TryParse(runsAt, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(known, ticks)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stamp}{Separator}{RunsAt}");
}
