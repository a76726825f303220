using System.Globalization;
using System.Runtime.InteropServices;

namespace Kasparro.Api.Catalogue;

/// <summary>One state of one catalogue. The time tells two databases apart whose versions happen to be equal.</summary>
/// <param name="Version">Grows by one with each committed change.</param>
/// <param name="ChangedAt">When that change was committed; UTC ticks.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CatalogueStamp(long Version, long ChangedAt)
{
    /// <summary>As it stands in Redis keys.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}.{ChangedAt:x}");
}
