using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Refuses parameters as CoinPaprika does.</summary>
internal static class CoinPaprikaParameters
{
    /// <summary>The error of an id that names no coin.</summary>
    public static VendorException NotFound() => new(StatusCodes.Status404NotFound, "id not found");

    /// <summary>The error of a parameter that is wrong.</summary>
    public static VendorException Invalid() => new(StatusCodes.Status400BadRequest, "Invalid parameters");
}
