using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kasparro.Tests.Hosting;

/// <summary>
/// Both upstreams on loopback, with responses set by the test. A route without a response answers 500, so that no call goes unnoticed; the
/// exceptions are the platforms, which are empty by default, and the exchange rates.
/// </summary>
internal sealed class StubUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _routes = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();

    private StubUpstream(WebApplication app)
    {
        _app = app;
    }

    /// <summary>The base URL, with a trailing slash.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/";

    /// <summary>The path and query of every request so far.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<StubUpstream> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var stub = new StubUpstream(app);
        stub.OnJson("/asset_platforms", "[]");
        app.Run(stub.AnswerAsync);
        stub.OnJson("/exchange_rates", """{"rates":{"usd":{"name":"US Dollar","unit":"$","value":64000,"type":"fiat"}}}""");
        await app.StartAsync(cancellationToken);
        return stub;
    }

    /// <summary>Sets the response of a route such as <c>/coins</c> or <c>/coins/markets?page=2</c>.</summary>
    public void On(string route, RequestDelegate answer) => _routes[route] = answer;

    public void OnJson(string route, string json) => On(route, context =>
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json, context.RequestAborted);
    });

    public void OnStatus(string route, int status, string body = "") => On(route, context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body, context.RequestAborted);
    });

    /// <summary>Replaces the next response of a route; later ones are as before.</summary>
    public void BreakOnce(string route, string body)
    {
        var whole = _routes[route];
        On(route, context =>
        {
            On(route, whole);
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(body, context.RequestAborted);
        });
    }

    /// <summary>Makes the catalogues of both upstreams empty.</summary>
    public void Empty()
    {
        OnJson("/coins", "[]");
        OnJson("/tickers", "[]");
        OnJson("/coins/markets", "[]");
        OnJson("/coins/list", "[]");
        OnJson("/contracts", "[]");
    }

    /// <summary>
    /// Sets CoinGecko's market pages: <paramref name="pages"/> pages of <paramref name="size"/> coins each, then an empty one.
    /// </summary>
    public void Markets(int pages, int size)
    {
        OnJson("/coins/markets", "[]");
        for (var page = 1; page <= pages; page++)
        {
            OnJson(Market(page), MarketPage(page, size));
        }
    }

    public static string Market(int page) => string.Create(CultureInfo.InvariantCulture, $"/coins/markets?page={page}");

    public static string MarketPage(int page, int size, double price = 1) =>
        $"[{string.Join(',', Enumerable.Range(((page - 1) * size) + 1, size).Select(n => Coin($"coin-{n}", $"c{n}", $"Coin "
            + $"{n}", price * n)))}]";

    public static string Coin(string id, string symbol, string name, double price) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"id":"{{id}}","symbol":"{{symbol}}","name":"{{name}}","current_price":{{price:R}},"market_cap":{{price * 1000:R}},
         "market_cap_rank":1,"total_volume":5,"last_updated":"2026-01-01T00:00:00Z"}
        """);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context)
    {
        _requests.Enqueue(context.Request.Path + context.Request.QueryString);
        var path = context.Request.Path.Value!;
        if (_routes.TryGetValue($"{path}?page={context.Request.Query["page"]}", out var answer) || _routes.TryGetValue(path, out answer))
        {
            return answer(context);
        }

        context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return context.Response.WriteAsync($"no test has set an answer for {path}", context.RequestAborted);
    }
}
