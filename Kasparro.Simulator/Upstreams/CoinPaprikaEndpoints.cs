namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinPaprika's REST API, v1.</summary>
internal static class CoinPaprikaEndpoints
{
    private const string Prefix = "/coinpaprika";

    public static void MapCoinPaprika(this IEndpointRouteBuilder routes, ICoinPaprikaResponses responses)
    {
        var v1 = routes.MapGroup($"{Prefix}/v1");
        Map("/coins", context => SendAsync(context, responses.Coins()));
        Map("/contracts", context => SendAsync(context, responses.Platforms()));
        Map("/contracts/{platform}", context =>
            SendAsync(context, responses.Contracts((string)context.Request.RouteValues["platform"]!)));
        Map("/global", context => SendAsync(context, responses.Global()));
        Map("/tickers", context => TickersAsync(context, responses));
        Map("/tickers/{id}/historical", new CoinPaprikaHistory(responses).TickersAsync);
        routes.Map($"{Prefix}/{{**rest}}", context => context.WriteErrorAsync(StatusCodes.Status404NotFound, "page not found"));

        void Map(string route, RequestDelegate respond) =>
            v1.MapGet(route, respond).WithMetadata(new UpstreamRoute(UpstreamRoute.CoinPaprika, route));
    }

    private static Task TickersAsync(HttpContext context, ICoinPaprikaResponses responses)
    {
        var quotes = context.Request.Query["quotes"];
        return quotes.Count == 0 || string.Equals(quotes, "USD", StringComparison.OrdinalIgnoreCase)
            ? SendAsync(context, responses.Tickers())
            : context.WriteErrorAsync(StatusCodes.Status400BadRequest, "Invalid parameters");
    }

    private static Task SendAsync(HttpContext context, ResponseBody? response)
    {
        if (response is null)
        {
            return context.WriteErrorAsync(StatusCodes.Status404NotFound, "id not found");
        }

        context.Response.ContentType = "application/json";
        return response(context.Response.BodyWriter, context.RequestAborted);
    }
}
