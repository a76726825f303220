namespace Kasparro.Data.Catalogue;

/// <summary>
/// The catalogue's version: one row, updated by every page of ingestion that changes anything, in the page's own transaction.
/// </summary>
public sealed class CatalogueState
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; }

    /// <summary>The version, which grows by one with each page that changes anything; 0 for an empty catalogue.</summary>
    public long Version { get; set; }

    /// <summary>The time of the last change.</summary>
    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>
/// The number of rows in a part of the catalogue, maintained by each page's transaction, so that a page's total needs no count(*).
/// </summary>
public sealed class CatalogueCount
{
    /// <summary><see cref="AssetsScope"/>, or a source's name for its listings, active or not.</summary>
    public required string Scope { get; init; }

    /// <summary>The number of rows.</summary>
    public long Count { get; set; }

    /// <summary>The scope of the active assets.</summary>
    public const string AssetsScope = "assets";
}
