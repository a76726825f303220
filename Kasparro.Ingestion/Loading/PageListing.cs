using Kasparro.Data.Catalogue;
using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;

namespace Kasparro.Ingestion.Loading;

/// <summary>A listing of a page, as it will be written.</summary>
/// <param name="Listing">The listing.</param>
/// <param name="Traits">Its traits.</param>
/// <param name="IsNew">Whether it is not in the catalogue yet.</param>
internal readonly record struct PageListing(Listing Listing, ListingTraits Traits, bool IsNew)
{
    /// <summary>Returns the listing's market, as its source reports it.</summary>
    public static PriceObservation GetMarket(Listing listing) =>
        new(listing.PriceUsd, listing.MarketCapUsd, listing.CirculatingSupply, listing.QuotedAt);

    public CandidateListing ToCandidate(IReadOnlySet<TokenContract>? contracts) => new(
        Listing.ListingId,
        Listing.Source,
        Listing.ExternalId,
        Listing.Symbol,
        Listing.Name,
        Listing.IsActive,
        Listing.CreatedAt,
        contracts,
        Traits,
        GetMarket(Listing),
        Listing.DelistedAt is not null);
}
