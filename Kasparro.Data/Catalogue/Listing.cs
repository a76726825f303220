namespace Kasparro.Data.Catalogue;

/// <summary>What one source says now about one thing that it lists.</summary>
public sealed class Listing
{
    /// <summary><see cref="StableId.ForListing"/> of source and external id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The source's own id; any text, 70 characters and more.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The asset that this listing belongs to.</summary>
    public Guid AssetId { get; set; }

    /// <summary>The ticker symbol, as sent.</summary>
    public required string Symbol { get; set; }

    /// <summary><see cref="Symbol"/> in invariant upper case.</summary>
    public required string SymbolKey { get; set; }

    /// <summary>The name, as sent.</summary>
    public required string Name { get; set; }

    /// <summary>Symbol and the beginning of the name, folded: listings with one key may be one asset; null where either is blank.</summary>
    public string? MatchKey { get; set; }

    /// <summary>Symbol and the source's own slug, folded; null where either is blank.</summary>
    public string? SlugKey { get; set; }

    /// <summary>Name and the source's own slug, folded; null where either is blank.</summary>
    public string? NameKey { get; set; }

    /// <summary>Whether the source lists it as active.</summary>
    public bool IsActive { get; set; }

    /// <summary>Rank by market capitalisation, from 1; null where the source gives none.</summary>
    public int? Rank { get; set; }

    /// <summary>Price in US dollars.</summary>
    public double? PriceUsd { get; set; }

    /// <summary>Market capitalisation in US dollars.</summary>
    public double? MarketCapUsd { get; set; }

    /// <summary>Trading volume of the last 24 hours in US dollars.</summary>
    public double? Volume24hUsd { get; set; }

    /// <summary>Units in circulation.</summary>
    public double? CirculatingSupply { get; set; }

    /// <summary>Units that exist.</summary>
    public double? TotalSupply { get; set; }

    /// <summary>Units that can ever exist.</summary>
    public double? MaxSupply { get; set; }

    /// <summary>When the quote was true, as the source says; null where there is none yet or the source does not say.</summary>
    public DateTimeOffset? QuotedAt { get; set; }

    /// <summary>Content hash (XxHash128) of the newest descriptive record (a coin's entry in a list); null where there was none.</summary>
    public Guid? ProfileHash { get; set; }

    /// <summary>Content hash (XxHash128) of the newest market record; null where there was none.</summary>
    public Guid? QuoteHash { get; set; }

    /// <summary>When the newest descriptive record was fetched; null where there was none.</summary>
    public DateTimeOffset? ProfileSeenAt { get; set; }

    /// <summary>When the newest market record was fetched; null where there was none.</summary>
    public DateTimeOffset? QuoteSeenAt { get; set; }

    /// <summary>
    /// How many whole readings of the source's descriptive records in a row had no record of it; counted up to the limit.
    /// </summary>
    public short ProfileMisses { get; set; }

    /// <summary>How many whole readings of the source's market records in a row had no record of it; counted up to the limit.</summary>
    public short QuoteMisses { get; set; }

    /// <summary>
    /// When it was found that the source no longer lists it; null while it does. Its id and its asset stay for its return.
    /// </summary>
    public DateTimeOffset? DelistedAt { get; set; }

    /// <summary>When this service first saw the listing.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this service last saw it change.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
