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
        v3.MapGet("/ping", PingAsync).WithMetadata(Route("/ping"));
        v3.MapGet("/coins/markets", context => MarketsAsync(context, responses)).WithMetadata(Route("/coins/markets"));
        v3.MapGet("/coins/list", context => CoinsListAsync(context, responses)).WithMetadata(Route("/coins/list"));
        v3.MapGet("/asset_platforms", context => SendAsync(context, responses.Platforms())).WithMetadata(Route("/asset_platforms"));
        v3.MapGet("/exchange_rates", context => SendAsync(context, responses.ExchangeRates())).WithMetadata(Route("/exchange_rates"));
        var history = new CoinGeckoHistory(responses);
        v3.MapGet("/coins/{id}/market_chart", history.ChartAsync).WithMetadata(Route("/coins/{id}/market_chart"));
        v3.MapGet("/coins/{id}/market_chart/range", history.RangeAsync).WithMetadata(Route("/coins/{id}/market_chart/range"));
        routes.Map($"{Prefix}/{{**rest}}", context => context.Response.WriteErrorAsync(
            StatusCodes.Status404NotFound, "Incorrect path. Please check https://www.coingecko.com/api/", context.RequestAborted));
    }

    private static UpstreamRoute Route(string route) => new(UpstreamRoute.CoinGecko, route);

    private static Task PingAsync(HttpContext context)
    {
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync("""{"gecko_says":"(V3) To the Moon!"}""", context.RequestAborted);
    }

    private static Task MarketsAsync(HttpContext context, ICoinGeckoResponses responses)
    {
        var currency = context.Request.Query["vs_currency"];
        if (StringValues.IsNullOrEmpty(currency))
        {
            return RefuseAsync(context, "Missing parameter vs_currency");
        }

        if (!string.Equals(currency, "usd", StringComparison.OrdinalIgnoreCase))
        {
            return RefuseAsync(context, "invalid vs_currency");
        }

        // As the real one: what is out of range is brought into it, not refused.
        var perPage = Math.Min(Positive(context.Request.Query["per_page"], DefaultPerPage), MaxPerPage);
        var page = Positive(context.Request.Query["page"], 1);
        if (responses.MarketCount is { } total)
        {
            context.Response.Headers["per-page"] = perPage.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers["total"] = total.ToString(CultureInfo.InvariantCulture);
        }

        return SendAsync(context, responses.Markets(page, perPage));
    }

    private static Task CoinsListAsync(HttpContext context, ICoinGeckoResponses responses) =>
        SendAsync(context,
            responses.CoinsList(string.Equals(context.Request.Query["include_platform"], "true", StringComparison.OrdinalIgnoreCase)));

    private static int Positive(StringValues text, int otherwise) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value > 0 ? value : otherwise;

    private static Task RefuseAsync(HttpContext context, string message) =>
        context.Response.WriteErrorAsync(StatusCodes.Status422UnprocessableEntity, message, context.RequestAborted);

    private static Task SendAsync(HttpContext context, ResponseBody? response)
    {
        if (response is null)
        {
            return context.Response.WriteErrorAsync(
                StatusCodes.Status404NotFound, "Could not find coin with the given id", context.RequestAborted);
        }

        context.Response.ContentType = ContentType;
        return response(context.Response.BodyWriter, context.RequestAborted);
    }
}
