namespace Kasparro.Data.Catalogue;

/// <summary>The rule that picks, of an asset's listings, the one that gives the asset its values: one text for all that asks.</summary>
public static class BestListing
{
    /// <summary>SQL: when a listing's quote was true; where its source does not say, when it was fetched.</summary>
    public const string QuoteTime = "coalesce(quoted_at, quote_seen_at)";

    /// <summary>
    /// SQL: the order of an asset's listings, best first. Active ones come before others, then those with a price, those not more than a
    /// day behind <c>newest</c> (the newest <see cref="QuoteTime"/> of the asset's listings, which the query has to provide), and those
    /// with a market capitalisation. It has no clock in it. The order of sources and the id in the source decide between equals.
    /// </summary>
    public const string Order =
        $"NOT is_active, price_usd IS NULL, coalesce({QuoteTime} < newest - interval '1 day', false), market_cap_usd IS NULL";
}
