namespace Kasparro.Data.Catalogue;

/// <summary>
/// What one move of the catalogue's version changed; a row for every version, written in the transaction that moves it. Clients that keep a
/// copy follow these. Old rows are deleted (<c>Retention:Changes</c>), always the oldest, so that those which are kept have no gaps.
/// </summary>
public sealed class CatalogueChange
{
    /// <summary>The version that the change led to.</summary>
    public long Version { get; init; }

    /// <summary>When it was committed.</summary>
    public DateTimeOffset ChangedAt { get; init; }

    /// <summary>How many ids <see cref="AssetIds"/> has: to page by, without reading them.</summary>
    public int Count { get; init; }

    /// <summary>Assets that were added, changed or taken away; their rows and redirects say which.</summary>
    public required Guid[] AssetIds { get; init; }
}
