namespace Kasparro.Data.Catalogue;

/// <summary>A contract that a source names for a listing; it may be stored before the listing.</summary>
public sealed class AssetPlatform
{
    /// <summary><see cref="StableId.ForListing"/> of the source and its id.</summary>
    public Guid ListingId { get; init; }

    /// <summary>The platform: CoinGecko's id for it, or <c>source:id</c> if the sources' ids could not be mapped.</summary>
    public required string Platform { get; init; }

    /// <summary>The contract's address; in lower case for EVM platforms.</summary>
    public required string Address { get; init; }

    /// <summary>The source that names the contract (<see cref="SourceNames"/>).</summary>
    public required string Source { get; init; }
}
