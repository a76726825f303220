using System.Text;
using System.Text.Json.Nodes;

namespace Kasparro.Simulator.Upstreams;

/// <summary>Creates error bodies in each upstream's format.</summary>
internal static class UpstreamErrors
{
    /// <summary>Responds with <c>{"error":"…"}</c>, which CoinPaprika sends for all errors, and CoinGecko for invalid requests.</summary>
    public static Task WriteErrorAsync(this HttpContext context, int status, string message) =>
        context.WriteBodyAsync(status, ToBytes(new() { ["error"] = message }));

    /// <summary>Creates the upstream's error for a status that its own routes never return: limits, outages.</summary>
    public static byte[] Body(string upstream, int status)
    {
        var message = status switch
        {
            StatusCodes.Status402PaymentRequired => "Payment required",
            StatusCodes.Status429TooManyRequests => "You have reached the maximum request limit",
            >= 500 => "Internal error, please try again later",
            _ => "Request failed",
        };
        return ToBytes(upstream == UpstreamRoute.CoinGecko
            ? new() { ["status"] = new JsonObject { ["error_code"] = status, ["error_message"] = message } }
            : new() { ["error"] = message });
    }

    /// <summary>Creates CoinGecko's error for what a plan does not cover, with a specific code.</summary>
    public static byte[] CoinGeckoBody(int code, string message, DateTimeOffset now)
    {
        var status = new JsonObject { ["timestamp"] = now, ["error_code"] = code, ["error_message"] = message };
        return ToBytes(new() { ["error"] = new JsonObject { ["status"] = status } });
    }

    /// <summary>Responds with a body, as JSON unless the content type is already set.</summary>
    public static async Task WriteBodyAsync(this HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType ??= "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static byte[] ToBytes(JsonObject body) => Encoding.UTF8.GetBytes(body.ToJsonString());
}
