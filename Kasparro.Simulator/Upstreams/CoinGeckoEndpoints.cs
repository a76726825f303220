using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinGecko's REST API, v3.</summary>
internal static class CoinGeckoEndpoints
{
    private const string Prefix = "/coingecko";
    private const string ContentType = "application/json; charset=utf-8";
    private const int DefaultPerPage = 100;
    private const int MaxPerPage = 250;

    public static void MapCoinGecko(this IEndpointRouteBuilder routes, ICoinGeckoResponses responses)
    {
        var v3 = routes.MapGroup($"{Prefix}/api/v3");
        Map("/ping", PingAsync);
        Map("/coins/markets", context => MarketsAsync(context, responses));
        Map("/coins/list", context => SendAsync(context, responses.CoinsList(
            string.Equals(context.Request.Query["include_platform"], "true", StringComparison.OrdinalIgnoreCase))));
        Map("/asset_platforms", context => SendAsync(context, responses.Platforms()));
        Map("/exchange_rates", context => SendAsync(context, responses.ExchangeRates()));
        var history = new CoinGeckoHistory(responses);
        Map("/coins/{id}/market_chart", history.ChartAsync);
        Map("/coins/{id}/market_chart/range", history.RangeAsync);
        routes.Map($"{Prefix}/{{**rest}}", context => context.WriteErrorAsync(
            StatusCodes.Status404NotFound, "Incorrect path. Please check https://www.coingecko.com/api/"));

        void Map(string route, RequestDelegate respond) =>
            v3.MapGet(route, respond).WithMetadata(new UpstreamRoute(UpstreamRoute.CoinGecko, route));
    }

    /// <summary>Refuses a request with an error message.</summary>
    public static Task RefuseAsync(HttpContext context, string message) =>
        context.WriteErrorAsync(StatusCodes.Status422UnprocessableEntity, message);

    /// <summary>Explains what is wrong with the currency of a request, which must be the US dollar; null if it is valid.</summary>
    public static string? FindCurrencyMistake(HttpContext context)
    {
        var currency = context.Request.Query["vs_currency"];
        return StringValues.IsNullOrEmpty(currency) ? "Missing parameter vs_currency"
            : !string.Equals(currency, "usd", StringComparison.OrdinalIgnoreCase) ? "invalid vs_currency"
            : null;
    }

    private static Task PingAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync("""{"gecko_says":"(V3) To the Moon!"}""", context.RequestAborted);
    }

    private static Task MarketsAsync(HttpContext context, ICoinGeckoResponses responses)
    {
        if (FindCurrencyMistake(context) is { } mistake)
        {
            return RefuseAsync(context, mistake);
        }

        // Like the real API, it clamps values that are out of range rather than refusing them.
        var perPage = Math.Min(Positive(context.Request.Query["per_page"], DefaultPerPage), MaxPerPage);
        var page = Positive(context.Request.Query["page"], 1);
        if (responses.MarketCount is { } total)
        {
            context.Response.Headers["per-page"] = perPage.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["total"] = total.ToString(CultureInfo.InvariantCulture);
        }

        return SendAsync(context, responses.Markets(page, perPage));
    }

    private static int Positive(StringValues text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;

    private static Task SendAsync(HttpContext context, ResponseBody? response)
    {
        if (response is null)
        {
            return context.WriteErrorAsync(StatusCodes.Status404NotFound, "Could not find coin with the given id");
        }

        context.Response.ContentType = ContentType;
        return response(context.Response.BodyWriter, context.RequestAborted);
    }
}
