using System.Globalization;
using Kasparro.Api.Catalogue;

namespace Kasparro.Api.Events;

/// <summary>
/// How far a client has followed: the newest state of the catalogue and the newest start or end of a run that it knows. As an event's id it
/// means the same to every replica, since all of it comes from Postgres.
/// </summary>
/// <param name="Stamp">The catalogue's state.</param>
/// <param name="RunsAt">When a run last started or ended; UTC ticks.</param>
internal sealed record EventPosition(CatalogueStamp Stamp, long RunsAt)
{
    private const char Separator = '-';

    /// <summary>Reads what <see cref="ToString"/> wrote; null for anything else: such a client begins as a new one does.</summary>
    public static EventPosition? Parse(string? id) =>
        id?.Split(Separator) is [var stamp, var runsAt]
        && CatalogueStamp.TryParse(stamp, out var known)
        && long.TryParse(runsAt, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new(known, ticks)
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Stamp}{Separator}{RunsAt}");
}
