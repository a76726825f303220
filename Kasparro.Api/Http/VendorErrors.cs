using System.Text.Json.Serialization;

namespace Kasparro.Api.Http;

/// <summary>Writes errors of the vendors' routes in the vendors' own shapes, which their clients read.</summary>
internal static class VendorErrors
{
    private const string TooMany =
        "You've exceeded the Rate Limit: Retry-After says, in seconds, when to go on.";

    /// <summary>Writes an error.</summary>
    /// <param name="context">A request for a vendor's route.</param>
    /// <param name="status">The status.</param>
    /// <param name="message">What was wrong, where the status's usual message does not say it.</param>
    public static Task WriteAsync(HttpContext context, int status, string? message = null)
    {
        var vendor = VendorRoutes.Find(context.Request.Path) ?? Vendor.CoinGecko;
        RequestIds.SetHeaders(context);
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return vendor is Vendor.CoinGecko && CodeOf(status) is { } code
            ? context.Response.WriteAsJsonAsync(
                new CoinGeckoStatusError(new(code, message ?? MessageOf(vendor, status))),
                VendorErrorJson.Default.CoinGeckoStatusError, MediaTypes.Json, context.RequestAborted)
            : context.Response.WriteAsJsonAsync(
                new VendorError(message ?? MessageOf(vendor, status)), VendorErrorJson.Default.VendorError, MediaTypes.Json,
                    context.RequestAborted);
    }

    /// <summary>An error of CoinGecko's with a code, as the OpenAPI document shows it.</summary>
    public static CoinGeckoStatusError CoinGeckoExample(int status) =>
        new(new(CodeOf(status) ?? status, MessageOf(Vendor.CoinGecko, status)));

    /// <summary>An error of CoinPaprika's, as the OpenAPI document shows it.</summary>
    public static VendorError CoinPaprikaExample(int status) => new(MessageOf(Vendor.CoinPaprika, status));

    // CoinGecko tells of its limits, of keys and of outages with a code, and of what is wrong with a request without one.
    private static int? CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => 10002,
        StatusCodes.Status429TooManyRequests or >= 500 => status,
        _ => null,
    };

    private static string MessageOf(Vendor vendor, int status) => (vendor, status) switch
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

/// <summary>An error as CoinPaprika always, and CoinGecko mostly, sends it.</summary>
/// <param name="Error">What was wrong.</param>
internal sealed record VendorError(string Error);

/// <summary>An error as CoinGecko sends it for limits, keys and outages.</summary>
/// <param name="Status">The error.</param>
internal sealed record CoinGeckoStatusError(CoinGeckoStatus Status);

/// <summary>CoinGecko's error with its code.</summary>
/// <param name="ErrorCode">The HTTP status, or a number above 10000 for what is wrong with a key.</param>
/// <param name="ErrorMessage">What was wrong.</param>
internal sealed record CoinGeckoStatus(int ErrorCode, string ErrorMessage);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(VendorError))]
[JsonSerializable(typeof(CoinGeckoStatusError))]
internal sealed partial class VendorErrorJson : JsonSerializerContext;
