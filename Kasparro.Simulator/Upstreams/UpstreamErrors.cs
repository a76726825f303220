using System.Text.Json;

namespace Kasparro.Simulator.Upstreams;

/// <summary>Error bodies as each upstream shapes them.</summary>
internal static class UpstreamErrors
{
    /// <summary><c>{"error":"…"}</c>, which CoinPaprika always sends, and CoinGecko for what is wrong with a request.</summary>
    public static Task WriteErrorAsync(this HttpResponse response, int status, string message, CancellationToken cancellationToken)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("error"u8, message);
            json.WriteEndObject();
        }

        return response.WriteBodyAsync(status, body.ToArray(), cancellationToken);
    }

    /// <summary>The error of that upstream for a status that its own routes never give: limits, outages.</summary>
    public static byte[] Body(string upstream, int status)
    {
        var message = status switch
        {
            StatusCodes.Status402PaymentRequired => "Payment required",
            StatusCodes.Status429TooManyRequests => "You have reached the maximum request limit",
            >= 500 => "Internal error, please try again later",
            _ => "Request failed",
        };
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (string.Equals(upstream, UpstreamRoute.CoinGecko, StringComparison.Ordinal))
            {
                json.WriteStartObject("status"u8);
                json.WriteNumber("error_code"u8, status);
                json.WriteString("error_message"u8, message);
                json.WriteEndObject();
            }
            else
            {
                json.WriteString("error"u8, message);
            }

            json.WriteEndObject();
        }

        return body.ToArray();
    }

    /// <summary>CoinGecko's error for what a plan does not cover, with a code of its own.</summary>
    public static byte[] CoinGeckoBody(int code, string message, DateTimeOffset now)
    {
        var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteStartObject("status"u8);
            json.WriteString("timestamp"u8, now);
            json.WriteNumber("error_code"u8, code);
            json.WriteString("error_message"u8, message);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return body.ToArray();
    }

    public static async Task WriteBodyAsync(
        this HttpResponse response, int status, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        response.StatusCode = status;
        response.ContentType ??= "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, cancellationToken);
    }
}
