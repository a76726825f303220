namespace Kasparro.Data.Catalogue;

/// <summary>
/// The catalogue's version: one row, moved by every page of ingestion that changed something, in the page's own transaction.
/// </summary>
public sealed class CatalogueState
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; }

    /// <summary>Grows by one with each page that changed something; 0 for an empty catalogue.</summary>
    public long Version { get; set; }

    /// <summary>When it last moved.</summary>
    public DateTimeOffset ChangedAt { get; set; }
}

/// <summary>
/// How many rows a part of the catalogue has, kept true by each page's transaction, so that a page's total needs no count(*).
/// </summary>
public sealed class CatalogueCount
{
    /// <summary><see cref="AssetsScope"/>, or a source's name for its listings, active or not.</summary>
    public required string Scope { get; init; }

    /// <summary>Rows.</summary>
    public long Count { get; set; }

    /// <summary>The scope of the active assets.</summary>
    public const string AssetsScope = "assets";
}
