using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Rejects parameters as CoinPaprika does.</summary>
internal static class CoinPaprikaParameters
{
    /// <summary>Creates the error for an id that no coin has.</summary>
    public static VendorException NotFound() => new(StatusCodes.Status404NotFound, "id not found");

    /// <summary>Creates the error for an invalid parameter.</summary>
    public static VendorException Invalid() => new(StatusCodes.Status400BadRequest, "Invalid parameters");
}
