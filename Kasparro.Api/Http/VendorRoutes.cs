namespace Kasparro.Api.Http;

/// <summary>The vendors whose own APIs are served as well.</summary>
internal enum Vendor
{
    CoinGecko,
    CoinPaprika,
}

/// <summary>Where the routes of the vendors' APIs begin.</summary>
internal static class VendorRoutes
{
    /// <summary>CoinGecko's API, v3.</summary>
    public const string CoinGecko = "/api/v3";

    /// <summary>CoinPaprika's API; its own paths follow.</summary>
    public const string CoinPaprika = "/compat/coinpaprika";

    /// <summary>The name of the OpenAPI document of the vendors' routes.</summary>
    public const string DocumentName = "vendors";

    /// <summary>
    /// How the User-Agent of another Kasparro begins. It is shown what the vendor itself lists, with the vendor's own values: no other
    /// asset, and no price of another source, so that it makes the same catalogue of them.
    /// </summary>
    public const string MirrorAgent = "Kasparro/";

    /// <summary>The vendor whose API a path belongs to; null for our own.</summary>
    public static Vendor? Find(PathString path) =>
        path.StartsWithSegments(CoinGecko, StringComparison.OrdinalIgnoreCase) ? Vendor.CoinGecko
        : path.StartsWithSegments(CoinPaprika, StringComparison.OrdinalIgnoreCase) ? Vendor.CoinPaprika
        : null;
}
