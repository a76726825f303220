namespace Kasparro.Data.Catalogue;

/// <summary>A contract that a source names for a listing. It may come before the listing itself.</summary>
public sealed class AssetPlatform
{
    /// <summary><see cref="StableId.ForListing"/> of the source and its id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The platform, by CoinGecko's id for it, or <c>source:id</c> where the sources' ids could not be mapped.</summary>
    public required string Platform { get; init; }

    /// <summary>The contract's address; EVM ones in lower case.</summary>
    public required string Address { get; init; }

    /// <summary>The source that says so (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }
}
