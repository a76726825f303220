namespace Kasparro.Data.Catalogue;

/// <summary>The rule that selects the listing whose values an asset shows, shared by all statements that apply it.</summary>
public static class BestListing
{
    /// <summary>SQL: the time of a listing's quote, or the time at which it was fetched if the source gives none.</summary>
    public const string QuoteTime = "coalesce(quoted_at, quote_seen_at)";

    /// <summary>
    /// SQL: the order of an asset's listings, best first. Active listings come first, then those with a price, those at most a day older
    /// than <c>newest</c> (the newest <see cref="QuoteTime"/> of the asset's listings, which the query must provide), and those with a
    /// market capitalisation. It does not depend on the current time. Ties are broken by the order of the sources and the id at the source.
    /// </summary>
    public const string Order =
        $"NOT is_active, price_usd IS NULL, coalesce({QuoteTime} < newest - interval '1 day', false), market_cap_usd IS NULL";
}
