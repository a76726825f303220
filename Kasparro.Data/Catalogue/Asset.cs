namespace Kasparro.Data.Catalogue;

/// <summary>
/// A canonical asset: one row for everything that the sources list as the same thing, with the values of its best listing.
/// </summary>
public sealed class Asset
{
    /// <summary>The id of the listing that founded the asset; it never changes and is never reused for another asset.</summary>
    public Guid AssetId { get; init; }

    /// <summary>The ticker symbol as the best listing spells it; may be blank and is not unique.</summary>
    public required string Symbol { get; set; }

    /// <summary><see cref="Symbol"/> in invariant upper case, for queries by symbol.</summary>
    public required string SymbolKey { get; set; }

    /// <summary>The name as the best listing spells it.</summary>
    public required string Name { get; set; }

    /// <summary>The source of the best listing (<see cref="SourceNames"/>).</summary>
    public required string Source { get; set; }

    /// <summary>Whether any source still lists the asset as active.</summary>
    public bool IsActive { get; set; }

    /// <summary>The price in US dollars; an IEEE double as the upstreams send it.</summary>
    public double? PriceUsd { get; set; }

    /// <summary>The market capitalisation in US dollars.</summary>
    public double? MarketCapUsd { get; set; }

    /// <summary>The trading volume of the last 24 hours in US dollars.</summary>
    public double? Volume24hUsd { get; set; }

    /// <summary>The source's rank by market capitalisation, from 1; null if the source has none.</summary>
    public int? Rank { get; set; }

    /// <summary>The time of the best listing's values at its source, or of their last change if the source gives no time.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
