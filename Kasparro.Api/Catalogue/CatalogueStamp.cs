using System.Globalization;
using System.Runtime.InteropServices;
using Npgsql;

namespace Kasparro.Api.Catalogue;

/// <summary>
/// Identifies one state of one catalogue by its version and commit time. Versions are counted, so a catalogue restored from a backup, or a
/// standby that lacks the last commits, reuses their numbers for other states; the commit time, in ticks, is the version's epoch and tells
/// them apart.
/// </summary>
/// <param name="Version">The version, which grows by one with each committed change.</param>
/// <param name="ChangedAt">When that change was committed, in UTC ticks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CatalogueStamp(long Version, long ChangedAt)
{
    /// <summary>The statement that reads the newest state; <see cref="ReadAsync"/> reads its result.</summary>
    public const string Sql = "SELECT version, changed_at FROM catalogue_state WHERE id = 1";

    private const char Separator = '.';

    /// <summary>Reads the next row, whose first columns are version and changed_at.</summary>
    public static async Task<CatalogueStamp> ReadAsync(NpgsqlDataReader reader, CancellationToken cancellationToken) =>
        await reader.ReadAsync(cancellationToken)
            ? new(reader.GetInt64(0), reader.GetDateTime(1).Ticks)
            : throw new InvalidOperationException("catalogue_state has no row.");

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out CatalogueStamp stamp)
    {
        stamp = default;
        var separator = text.IndexOf(Separator);
        if (separator < 0
            || !long.TryParse(text[..separator], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !long.TryParse(text[(separator + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var changedAt)
            || changedAt < DateTime.MinValue.Ticks
            || changedAt > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        stamp = new(version, changedAt);
        return true;
    }

    /// <summary>
    /// The form used in Redis keys, in <c>X-Catalogue-Version</c>, and in the positions from which <c>/changes</c> and <c>/events</c>
    /// continue.
    /// </summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}{Separator}{ChangedAt:x}");
}
