namespace Kasparro.Data.Catalogue;

/// <summary>
/// The canonical asset: one row for everything that the sources list as the same thing, with the values of its best listing.
/// </summary>
public sealed class Asset
{
    /// <summary>The id of the listing that founded the asset; it never changes and is never given to another asset.</summary>
    public Guid AssetId { get; init; }

    /// <summary>The ticker symbol as the best listing spells it; may be blank, is not unique.</summary>
    public required string Symbol { get; set; }

    /// <summary><see cref="Symbol"/> in invariant upper case: what a query by symbol compares with.</summary>
    public required string SymbolKey { get; set; }

    /// <summary>The name as the best listing spells it.</summary>
    public required string Name { get; set; }

    /// <summary>The source of the best listing (<see cref="SourceNames"/>).</summary>
    public required string Source { get; set; }

    /// <summary>Whether any source still lists the asset as active.</summary>
    public bool IsActive { get; set; }

    /// <summary>Price in US dollars; an IEEE double as the upstreams send it.</summary>
    public double? PriceUsd { get; set; }

    /// <summary>Market capitalisation in US dollars.</summary>
    public double? MarketCapUsd { get; set; }

    /// <summary>Trading volume of the last 24 hours in US dollars.</summary>
    public double? Volume24hUsd { get; set; }

    /// <summary>The source's rank by market capitalisation, from 1; null where it gives none.</summary>
    public int? Rank { get; set; }

    /// <summary>
    /// When the best listing's values were true at its source, or were last seen to change where the source does not say.
    /// </summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
