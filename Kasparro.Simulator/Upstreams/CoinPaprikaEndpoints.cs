namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinPaprika's REST API, v1.</summary>
internal static class CoinPaprikaEndpoints
{
    private const string Prefix = "/coinpaprika";
    private const string Missing = "id not found";

    public static void MapCoinPaprika(this IEndpointRouteBuilder routes, ICoinPaprikaResponses responses)
    {
        var v1 = routes.MapGroup($"{Prefix}/v1");
        Map(v1, "/coins", _ => responses.Coins());
        Map(v1, "/contracts", _ => responses.Platforms());
        Map(v1, "/contracts/{platform}", context => responses.Contracts((string)context.Request.RouteValues["platform"]!));
        Map(v1, "/global", _ => responses.Global());
        v1.MapGet("/tickers", context => TickersAsync(context, responses))
            .WithMetadata(new UpstreamRoute(UpstreamRoute.CoinPaprika, "/tickers"));
        v1.MapGet("/tickers/{id}/historical", new CoinPaprikaHistory(responses).TickersAsync)
            .WithMetadata(new UpstreamRoute(UpstreamRoute.CoinPaprika, "/tickers/{id}/historical"));
        routes.Map($"{Prefix}/{{**rest}}", context =>
            context.Response.WriteErrorAsync(StatusCodes.Status404NotFound, "page not found", context.RequestAborted));
    }

    private static void Map(RouteGroupBuilder group, string route, Func<HttpContext, ResponseBody?> response) =>
        group.MapGet(route, context => SendAsync(context, response(context)))
            .WithMetadata(new UpstreamRoute(UpstreamRoute.CoinPaprika, route));

    private static Task TickersAsync(HttpContext context, ICoinPaprikaResponses responses)
    {
        var quotes = context.Request.Query["quotes"];
        return quotes.Count == 0 || string.Equals(quotes, "USD", StringComparison.OrdinalIgnoreCase)
            ? SendAsync(context, responses.Tickers())
            : context.Response.WriteErrorAsync(StatusCodes.Status400BadRequest, "Invalid parameters", context.RequestAborted);
    }

    private static Task SendAsync(HttpContext context, ResponseBody? response)
    {
        if (response is null)
        {
            return context.Response.WriteErrorAsync(StatusCodes.Status404NotFound, Missing, context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        return response(context.Response.BodyWriter, context.RequestAborted);
    }
}
