namespace Kasparro.Data.Catalogue;

/// <summary>The current state of one thing that one source lists.</summary>
public sealed class Listing
{
    /// <summary><see cref="StableId.ForListing"/> of source and external id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The source (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }

    /// <summary>The source's own id: any text, possibly longer than 70 characters.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The asset that this listing belongs to.</summary>
    public Guid AssetId { get; set; }

    /// <summary>The ticker symbol, as sent.</summary>
    public required string Symbol { get; set; }

    /// <summary><see cref="Symbol"/> in invariant upper case.</summary>
    public required string SymbolKey { get; set; }

    /// <summary>The name, as sent.</summary>
    public required string Name { get; set; }

    /// <summary>
    /// Symbol and the beginning of the name, folded, as a blocking key: listings that share it may be one asset. Null if either is blank.
    /// </summary>
    public string? MatchKey { get; set; }

    /// <summary>Symbol and the source's own slug, folded; null if either is blank.</summary>
    public string? SlugKey { get; set; }

    /// <summary>Name and the source's own slug, folded; null if either is blank.</summary>
    public string? NameKey { get; set; }

    /// <summary>Whether the source lists it as active.</summary>
    public bool IsActive { get; set; }

    /// <summary>The rank by market capitalisation, from 1; null if the source has none.</summary>
    public int? Rank { get; set; }

    /// <summary>The price in US dollars.</summary>
    public double? PriceUsd { get; set; }

    /// <summary>The market capitalisation in US dollars.</summary>
    public double? MarketCapUsd { get; set; }

    /// <summary>The trading volume of the last 24 hours in US dollars.</summary>
    public double? Volume24hUsd { get; set; }

    /// <summary>The number of units in circulation.</summary>
    public double? CirculatingSupply { get; set; }

    /// <summary>The number of units that exist.</summary>
    public double? TotalSupply { get; set; }

    /// <summary>The number of units that can ever exist.</summary>
    public double? MaxSupply { get; set; }

    /// <summary>The time of the quote according to the source; null if there is no quote yet or the source gives no time.</summary>
    public DateTimeOffset? QuotedAt { get; set; }

    /// <summary>The content hash (XxHash128) of the newest descriptive record (a coin's entry in a list); null if there was none.</summary>
    public Guid? ProfileHash { get; set; }

    /// <summary>The content hash (XxHash128) of the newest market record; null if there was none.</summary>
    public Guid? QuoteHash { get; set; }

    /// <summary>The time at which the newest descriptive record was fetched; null if there was none.</summary>
    public DateTimeOffset? ProfileSeenAt { get; set; }

    /// <summary>The time at which the newest market record was fetched; null if there was none.</summary>
    public DateTimeOffset? QuoteSeenAt { get; set; }

    /// <summary>
    /// How many complete readings of the source's descriptive records in a row lacked the listing, counted up to the limit.
    /// </summary>
    public short ProfileMisses { get; set; }

    /// <summary>How many complete readings of the source's market records in a row lacked the listing, counted up to the limit.</summary>
    public short QuoteMisses { get; set; }

    /// <summary>
    /// The time at which the listing was found to be delisted by its source; null while it is listed. Its id and asset are kept in case it
    /// returns.
    /// </summary>
    public DateTimeOffset? DelistedAt { get; set; }

    /// <summary>The time at which this service first saw the listing.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The time at which this service last saw the listing change.</summary>
    public DateTimeOffset UpdatedAt { get; set; }
}
