namespace Kasparro.Data.Catalogue;

/// <summary>
/// The change of one version of the catalogue: a row for every version, written in the transaction that creates it. Clients that keep a
/// copy follow these rows. Old rows are deleted (<c>Retention:Changes</c>), always the oldest, so that the remaining ones have no gaps.
/// </summary>
public sealed class CatalogueChange
{
    /// <summary>The version that the change resulted in.</summary>
    public long Version { get; init; }

    /// <summary>The time at which it was committed.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>The number of ids in <see cref="AssetIds"/>, for paging without reading them.</summary>
    public int Count { get; init; }

    /// <summary>Assets that were added, changed or removed; their rows and redirects show which.</summary>
    public required Guid[] AssetIds { get; init; }
}
