namespace Kasparro.Simulator.Upstreams;

/// <summary>CoinPaprika's REST API, v1.</summary>
internal static class CoinPaprikaEndpoints
{
    private const string Prefix = "/coinpaprika";
    private const string Missing = "id not found";

    public static void MapCoinPaprika(this IEndpointRouteBuilder routes, ICoinPaprikaAnswers answers)
    {
        var v1 = routes.MapGroup($"{Prefix}/v1");
        Map(v1, "/coins", _ => answers.Coins());
        Map(v1, "/contracts", _ => answers.Platforms());
        Map(v1, "/contracts/{platform}", context => answers.Contracts((string)context.Request.RouteValues["platform"]!));
        Map(v1, "/global", _ => answers.Global());
        v1.MapGet("/tickers", context => TickersAsync(context, answers)).WithMetadata(new UpstreamRoute(UpstreamRoute.CoinPaprika, "/tickers"));
        routes.Map($"{Prefix}/{{**rest}}", context =>
            context.Response.WriteErrorAsync(StatusCodes.Status404NotFound, "page not found", context.RequestAborted));
    }

    private static void Map(RouteGroupBuilder group, string route, Func<HttpContext, Answer?> answer) =>
        group.MapGet(route, context => SendAsync(context, answer(context))).WithMetadata(new UpstreamRoute(UpstreamRoute.CoinPaprika, route));

    private static Task TickersAsync(HttpContext context, ICoinPaprikaAnswers answers)
    {
        var quotes = context.Request.Query["quotes"];
        return quotes.Count == 0 || string.Equals(quotes, "USD", StringComparison.OrdinalIgnoreCase)
            ? SendAsync(context, answers.Tickers())
            : context.Response.WriteErrorAsync(StatusCodes.Status400BadRequest, "Invalid parameters", context.RequestAborted);
    }

    private static Task SendAsync(HttpContext context, Answer? answer)
    {
        if (answer is null)
        {
            return context.Response.WriteErrorAsync(StatusCodes.Status404NotFound, Missing, context.RequestAborted);
        }

        context.Response.ContentType = "application/json";
        return answer(context.Response.BodyWriter, context.RequestAborted);
    }
}
