using System.Globalization;
using System.Text.Json;
using Kasparro.Simulator.Market;
using Kasparro.Simulator.Wire;
using Microsoft.Extensions.Primitives;
using static Kasparro.Simulator.Upstreams.CoinGeckoEndpoints;

namespace Kasparro.Simulator.Upstreams;

/// <summary>Serves CoinGecko's <c>market_chart</c>: a coin's history, with the vendor's granularity and the limits of its plans.</summary>
internal sealed class CoinGeckoHistory(IHistoryResponses responses)
{
    /// <summary>How far back the free plan reaches.</summary>
    private static readonly TimeSpan FreeReach = TimeSpan.FromDays(365);

    /// <summary>How far back hourly points reach, if they are requested.</summary>
    private static readonly TimeSpan HourlyReach = TimeSpan.FromDays(100);

    /// <summary>How long after midnight that midnight's point becomes available.</summary>
    private static readonly TimeSpan DayReadyAfter = TimeSpan.FromMinutes(35);

    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Sends the chart of the last <c>days</c> days, up to now.</summary>
    public Task ChartAsync(HttpContext context)
    {
        var now = responses.Now;
        return (string?)context.Request.Query["days"] switch
        {
            null or "" => RefuseAsync(context, "Missing parameter days"),
            "max" => SendAsync(context, DateTimeOffset.UnixEpoch, now),
            var text when double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var days)
                && days is > 0 and < 36_500 => SendAsync(context, now.AddDays(-days), now),
            _ => RefuseAsync(context, "invalid days"),
        };
    }

    /// <summary>Sends the chart between two times, in Unix seconds.</summary>
    public Task RangeAsync(HttpContext context)
    {
        var query = context.Request.Query;
        return !TryReadTime(query["from"], out var from) ? RefuseAsync(context, "Missing parameter from")
            : !TryReadTime(query["to"], out var to) ? RefuseAsync(context, "Missing parameter to")
            : to < from ? RefuseAsync(context, "invalid date range")
            : SendAsync(context, from, to);
    }

    private Task SendAsync(HttpContext context, DateTimeOffset from, DateTimeOffset to)
    {
        if (FindCurrencyMistake(context) is { } mistake)
        {
            return RefuseAsync(context, mistake);
        }

        var now = responses.Now;
        if (responses.Plan == UpstreamPlan.Free && from < now - FreeReach - Hour)
        {
            return context.WriteBodyAsync(StatusCodes.Status401Unauthorized, UpstreamErrors.CoinGeckoBody(
                10_012, "Your request exceeds the allowed time range. Public API users are limited to querying historical data within the "
                    + "past 365 days. Upgrade to a paid plan to enjoy full historical data access.", now));
        }

        var last = to < now ? to : now;
        TimeSpan? step = (string?)context.Request.Query["interval"] switch
        {
            null or "" => to - from > TimeSpan.FromDays(90) ? Day : to - from > Day || to < now - Day ? Hour : FiveMinutes,
            "daily" => Day,
            "hourly" when from >= now - HourlyReach - Hour => Hour,
            _ => null,
        };
        if (step is null)
        {
            return RefuseAsync(context, "invalid interval");
        }

        if (step == Day && last.UtcDateTime.TimeOfDay < DayReadyAfter)
        {
            last -= DayReadyAfter;
        }

        return responses.History((string)context.Request.RouteValues["id"]!, from, last, step.Value) is { } points
            ? WriteAsync(context, points)
            : context.WriteErrorAsync(StatusCodes.Status404NotFound, "coin not found");
    }

    private static async Task WriteAsync(HttpContext context, IReadOnlyCollection<HistoryPoint> points)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        using var stream = new JsonStream(context.Response.BodyWriter);
        stream.Json.WriteStartObject();
        await WriteSeriesAsync(stream, "prices", points, point => point.Price, context.RequestAborted);
        await WriteSeriesAsync(stream, "market_caps", points, point => point.Cap, context.RequestAborted);
        await WriteSeriesAsync(stream, "total_volumes", points, point => point.Volume, context.RequestAborted);
        stream.Json.WriteEndObject();
        await stream.FlushAsync(context.RequestAborted);
    }

    private static Task WriteSeriesAsync(
        JsonStream stream, string name, IEnumerable<HistoryPoint> points, Func<HistoryPoint, double?> value,
        CancellationToken cancellationToken)
    {
        stream.Json.WritePropertyName(name);
        return stream.WriteArrayAsync(points, (json, point) => WritePair(json, point.At, value(point)), cancellationToken);
    }

    private static void WritePair(Utf8JsonWriter json, DateTimeOffset at, double? value)
    {
        json.WriteStartArray();
        json.WriteNumberValue(at.ToUnixTimeMilliseconds());
        json.WriteNumberValue(value, NumberStyle.Python);
        json.WriteEndArray();
    }

    private static bool TryReadTime(StringValues text, out DateTimeOffset time)
    {
        var isTime = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 4_102_444_800;
        time = isTime ? DateTimeOffset.FromUnixTimeSeconds(seconds) : default;
        return isTime;
    }
}
