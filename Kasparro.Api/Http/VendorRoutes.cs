namespace Kasparro.Api.Http;

/// <summary>The vendors whose APIs this service also implements.</summary>
internal enum Vendor
{
    CoinGecko,
    CoinPaprika,
}

/// <summary>The prefixes of the vendors' routes.</summary>
internal static class VendorRoutes
{
    /// <summary>The prefix of CoinGecko's API, v3.</summary>
    public const string CoinGecko = "/api/v3";

    /// <summary>The prefix of CoinPaprika's API, before its own paths.</summary>
    public const string CoinPaprika = "/compat/coinpaprika";

    /// <summary>The name of the OpenAPI document of the vendors' routes.</summary>
    public const string DocumentName = "vendors";

    /// <summary>
    /// The beginning of another Kasparro's User-Agent. Such a client gets only the assets that the vendor itself lists, with the vendor's
    /// own values and no prices of other sources, so that it builds the same catalogue.
    /// </summary>
    public const string MirrorAgent = "Kasparro/";

    /// <summary>Finds the vendor whose API a path belongs to; null for our own routes.</summary>
    public static Vendor? Find(PathString path) =>
        path.StartsWithSegments(CoinGecko, StringComparison.OrdinalIgnoreCase) ? Vendor.CoinGecko
        : path.StartsWithSegments(CoinPaprika, StringComparison.OrdinalIgnoreCase) ? Vendor.CoinPaprika
        : null;
}
