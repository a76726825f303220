namespace Kasparro.Api.Http;

/// <summary>Writes errors of the vendors' routes in the vendors' own formats, which their clients expect.</summary>
internal static class VendorErrors
{
    private const string TooMany =
        "You've exceeded the Rate Limit: Retry-After says how many seconds to wait.";

    /// <summary>Writes an error.</summary>
    /// <param name="context">The request for a vendor's route.</param>
    /// <param name="status">The status.</param>
    /// <param name="message">What was wrong, if the status's usual message does not cover it.</param>
    public static Task WriteAsync(HttpContext context, int status, string? message = null)
    {
        var vendor = VendorRoutes.Find(context.Request.Path) ?? Vendor.CoinGecko;
        RequestIds.SetHeaders(context);
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return vendor is Vendor.CoinGecko && GetCode(status) is { } code
            ? context.Response.WriteAsJsonAsync(
                new CoinGeckoStatusError(new(code, message ?? GetMessage(vendor, status))),
                ErrorJson.Relaxed.CoinGeckoStatusError, MediaTypes.Json, context.RequestAborted)
            : context.Response.WriteAsJsonAsync(
                new VendorError(message ?? GetMessage(vendor, status)), ErrorJson.Relaxed.VendorError, MediaTypes.Json,
                    context.RequestAborted);
    }

    /// <summary>Creates an example of CoinGecko's errors with a code for the OpenAPI document.</summary>
    public static CoinGeckoStatusError CoinGeckoExample(int status) =>
        new(new(GetCode(status) ?? status, GetMessage(Vendor.CoinGecko, status)));

    /// <summary>Creates an example of CoinPaprika's errors for the OpenAPI document.</summary>
    public static VendorError CoinPaprikaExample(int status) => new(GetMessage(Vendor.CoinPaprika, status));

    // CoinGecko reports limits, key errors and outages with a code, and invalid requests without one.
    private static int? GetCode(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => 10002,
        StatusCodes.Status429TooManyRequests or >= 500 => status,
        _ => null,
    };

    private static string GetMessage(Vendor vendor, int status) => (vendor, status) switch
    {
        (_, StatusCodes.Status401Unauthorized) => "API Key Missing. Please make sure you're using the right authentication method.",
        (Vendor.CoinGecko, StatusCodes.Status404NotFound) => "Incorrect path: docs/compatibility.md lists those that are answered.",
        (Vendor.CoinGecko, StatusCodes.Status429TooManyRequests) => TooMany,
        (Vendor.CoinPaprika, StatusCodes.Status404NotFound) => "id not found",
        (Vendor.CoinPaprika, StatusCodes.Status429TooManyRequests) => "you have reached maximum request limit",
        (Vendor.CoinPaprika, StatusCodes.Status400BadRequest) => "Invalid parameters",
        _ => Problems.GetDetail(status),
    };
}

/// <summary>The error format of CoinPaprika, and of most of CoinGecko's errors.</summary>
/// <param name="Error">What was wrong.</param>
internal sealed record VendorError(string Error);

/// <summary>The format of CoinGecko's errors about limits, keys and outages.</summary>
/// <param name="Status">The error.</param>
internal sealed record CoinGeckoStatusError(CoinGeckoStatus Status);

/// <summary>A CoinGecko error with its code.</summary>
/// <param name="ErrorCode">The HTTP status, or a number above 10000 for key errors.</param>
/// <param name="ErrorMessage">What was wrong.</param>
internal sealed record CoinGeckoStatus(int ErrorCode, string ErrorMessage);
