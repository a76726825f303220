using System.Globalization;
using System.Text.Json;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Wire;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Simulator.Upstreams;

/// <summary>Serves CoinPaprika's historical tickers: a coin's history, with the vendor's intervals and the limits of its plans.</summary>
internal sealed class CoinPaprikaHistory(IHistoryResponses responses)
{
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 5_000;

    /// <summary>The interval of requests that do not name one.</summary>
    private const string DefaultInterval = "5m";

    // How far back the free plan reaches; intervals that are not listed require a paid plan.
    private static readonly Dictionary<string, TimeSpan> FreeReach = new(StringComparer.Ordinal)
    {
        ["1h"] = TimeSpan.FromDays(1),
        ["1d"] = TimeSpan.FromDays(365),
        ["7d"] = TimeSpan.FromDays(365),
        ["30d"] = TimeSpan.FromDays(365),
    };

    private static readonly Dictionary<string, TimeSpan> Steps = new(StringComparer.Ordinal)
    {
        ["5m"] = TimeSpan.FromMinutes(5),
        ["15m"] = TimeSpan.FromMinutes(15),
        ["1h"] = TimeSpan.FromHours(1),
        ["6h"] = TimeSpan.FromHours(6),
        ["1d"] = TimeSpan.FromDays(1),
        ["7d"] = TimeSpan.FromDays(7),
        ["30d"] = TimeSpan.FromDays(30),
    };

    public Task TickersAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var now = responses.Now;
        var end = now;
        var limit = DefaultLimit;
        var interval = (string?)query["interval"] ?? DefaultInterval;
        if (!TryReadTime(query["start"], out var start)
            || (!StringValues.IsNullOrEmpty(query["end"]) && !TryReadTime(query["end"], out end))
            || (!StringValues.IsNullOrEmpty(query["limit"])
                && !(int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit)
                    && limit is > 0 and <= MaxLimit))
            || end < start
            || !Steps.TryGetValue(interval, out var step))
        {
            return context.WriteErrorAsync(StatusCodes.Status400BadRequest, "Invalid parameters");
        }

        var reach = FreeReach.TryGetValue(interval, out var free) ? free : (TimeSpan?)null;
        if (responses.Plan == UpstreamPlan.Free && !(start >= now - reach))
        {
            var before = reach is null ? "" : $" before {now - reach:yyyy-MM-dd'T'HH:mm:ss'Z'}";
            return context.WriteErrorAsync(StatusCodes.Status402PaymentRequired,
                $"Getting historical data{before} with interval {interval} is not allowed in this plan");
        }

        return responses.History((string)context.Request.RouteValues["id"]!, start, end < now ? end : now, step) is { } points
            ? WriteAsync(context, points.Take(limit))
            : context.WriteErrorAsync(StatusCodes.Status404NotFound, "id not found");
    }

    private static async Task WriteAsync(HttpContext context, IEnumerable<HistoryPoint> points)
    {
        context.Response.ContentType = "application/json";
        using var stream = new JsonStream(context.Response.BodyWriter);
        await stream.WriteArrayAsync(points, WritePoint, context.RequestAborted);
    }

    private static void WritePoint(Utf8JsonWriter json, HistoryPoint point)
    {
        json.WriteStartObject();
        json.WriteString("timestamp"u8, point.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("price"u8, point.Price, NumberStyle.Go);
        json.WriteNumber("volume_24h"u8, point.Volume ?? 0, NumberStyle.Go);
        json.WriteNumber("market_cap"u8, point.Cap ?? 0, NumberStyle.Go);
        json.WriteEndObject();
    }

    /// <summary>Reads a time: RFC 3339, a date, or Unix seconds.</summary>
    private static bool TryReadTime(StringValues text, out DateTimeOffset time)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 4_102_444_800)
        {
            time = DateTimeOffset.FromUnixTimeSeconds(seconds);
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }
}
