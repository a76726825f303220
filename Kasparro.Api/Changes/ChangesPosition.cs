using System.Globalization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.Http;

namespace Kasparro.Api.Changes;

/// <summary>The progress of a client's copy: a state of the catalogue, or a point on the way to it.</summary>
/// <param name="Stamp">The state; the default is the empty catalogue before the first version.</param>
/// <param name="Part">How many of the state's changes the copy contains; 0 for all.</param>
[Expected("must be X-Catalogue-Version of an /export, next_since of a page before, as they were given, or 0")]
internal readonly record struct ChangesPosition(CatalogueStamp Stamp, int Part)
{
    private const string Beginning = "0";
    private const char Separator = '-';

    /// <summary>Parses the result of <see cref="ToString"/>.</summary>
    public static bool TryParse(string? text, IFormatProvider? provider, out ChangesPosition position)
    {
        var given = text.AsSpan().Trim();
        var separator = given.IndexOf(Separator);
        var (stamp, part) = (default(CatalogueStamp), 0);
        var isPosition = given is Beginning || ((separator < 0
            || (int.TryParse(given[(separator + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out part) && part > 0))
            && CatalogueStamp.TryParse(separator < 0 ? given : given[..separator], out stamp));
        position = new(stamp, part);
        return isPosition;
    }

    public override string ToString() =>
        Stamp == default ? Beginning : string.Create(CultureInfo.InvariantCulture, $"{Stamp}{(Part == 0 ? "" : $"{Separator}{Part}")}");
}
