using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

/// <summary>Requests as clients in many languages send them, which every route understands.</summary>
public sealed class ClientRequestTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Theory]
    [InlineData("symbol=BTC,%20ETH", "BTC,eth")]
    [InlineData("symbol=BTC,+ETH", "BTC,eth")]
    [InlineData("symbol=%20btc", "BTC")]
    [InlineData("symbol=btc%09,%20,,eth%20", "BTC,eth")]
    [InlineData("symbol=%20btc%20&symbol=eth", "BTC,eth")]
    [InlineData("symbol=%20%20", null)]
    [InlineData("q=%20bitcoin%20", "BTC")]
    [InlineData("name=+bitcoin", "BTC")]
    [InlineData("symbol=btc&active=True", "BTC")]
    [InlineData("symbol=btc&active=1", "BTC")]
    [InlineData("symbol=btc&active=YES", "BTC")]
    [InlineData("symbol=btc&active=false", "")]
    [InlineData("symbol=btc&active=0", "")]
    [InlineData("symbol=btc&active=No", "")]
    [InlineData("symbol=btc&source=CoinPaprika", "BTC")]
    [InlineData("symbol=btc&source=%20coinpaprika%20", "BTC")]
    [InlineData("symbol=btc,eth&sort=Price_USD", "eth,BTC")]
    [InlineData("symbol=btc,eth&sort=-%20price_usd", "BTC,eth")]
    [InlineData("symbol=btc,eth&sort=+price_usd", "eth,BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20T12:00:00.123456789Z", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20T14:00:00.24999999%2B02:00", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20T12:00:00.2600000000Z", "")]
    [InlineData("symbol=btc&updated_since=2026-11-20t12:00:00z", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20%2012:00:00%2B00:00", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20+12:00:00+00:00", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20T13:00:00+02:00", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20T13:00:00-02:00", "")]
    [InlineData("symbol=btc&updated_since=2026-11-20T12:00:00", "BTC")]
    [InlineData("symbol=btc&updated_since=2026-11-20", "BTC")]
    [InlineData("symbol=btc&_=1763640000000", "BTC")]
    [InlineData(
        "q=bitcoin&symbol=&source=&name=&min_price=&max_price=&min_market_cap=&max_volume=&rank=&active=&updated_since=&sort=&fields="
            + "&cursor=&page_size=&page=1",
        "BTC")]
    [InlineData("symbol=btc&cursor=&page=", "BTC")]
    [InlineData("symbol=btc&page=&page=1", "BTC")]
    [InlineData("symbol=btc&active=true&active=%20", "BTC")]
    public async Task Data_understands_it(string query, string? symbols)
    {
        var page = await seeded.Api.GetAsync($"/data?{query}", Cancellation);

        Assert.True(page.ContainsKey("data"), page.ToJsonString());
        if (symbols is null)
        {
            Assert.Equal(SeededApi.Assets, (int)page["total"]!);
            return;
        }

        Assert.Equal(symbols, string.Join(',', page["data"]!.AsArray().Select(row => (string)row!["symbol"]!)));
    }

    [Theory]
    [InlineData("fields=symbol,%20Price_USD", "symbol,price_usd")]
    [InlineData("fields=%20", "symbol,name,price_usd,market_cap,source,asset_id,updated_at")]
    [InlineData("fields=,symbol,", "symbol")]
    public async Task Fields_are_listed_with_blanks(string query, string fields)
    {
        var page = await seeded.Api.GetAsync($"/data?page_size=1&{query}", Cancellation);

        Assert.Equal(fields, string.Join(',', page["data"]![0]!.AsObject().Select(field => field.Key)));
    }

    [Theory]
    [InlineData("/data?active=maybe")]
    [InlineData("/data?updated_since=1763640000")]
    [InlineData("/data?updated_since=2026-02-30T00:00:00Z")]
    [InlineData("/data?updated_since=20-11-2026")]
    [InlineData("/data?utm_source=x")]
    [InlineData("/data?source=binance")]
    [InlineData("/stats?utm_source=x")]
    [InlineData("/export?guard_formulas=maybe")]
    [InlineData("/changes?since=0&limit=0")]
    [InlineData("/changes?since=0&since=0")]
    [InlineData("/changes?since=")]
    [InlineData("/changes?since=7")]
    [InlineData("/changes?since=7.xyz")]
    public async Task What_is_wrong_is_named(string path)
    {
        var problem = await seeded.Api.GetAsync(path, Cancellation);

        Assert.Equal(400, (int)problem["status"]!);
        Assert.Single(problem["errors"]!.AsObject());
    }

    [Fact]
    public async Task Parameters_that_jQuery_adds_or_that_are_blank_change_nothing_on_any_readable_route()
    {
        foreach (var route in ReadableRoutes())
        {
            using var plain =
                await seeded.Api.Client.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Cancellation);
            using var busted = await seeded.Api.Client.GetAsync(
                new Uri($"{route}{(route.Contains('?', StringComparison.Ordinal) ? '&' : '?')}_=1763640000000", UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(plain.StatusCode == busted.StatusCode, $"{route}: {(int)plain.StatusCode}, with _ {(int)busted.StatusCode}");
        }

        foreach (var path in new[]
        {
            "/export?format=&guard_formulas=&symbol=&min_price=", "/export?format=&format=csv&guard_formulas=true&guard_formulas=",
            "/changes?since=0&limit=", "/mappings?format=&guard_formulas=",
        })
        {
            using var response = await seeded.Api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
            Assert.True(response.IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task Head_answers_as_get_does_and_options_names_the_methods_on_every_readable_route()
    {
        foreach (var route in ReadableRoutes())
        {
            using var get = await seeded.Api.Client.GetAsync(new Uri(route, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead,
                Cancellation);
            using var headRequest = new HttpRequestMessage(HttpMethod.Head, route);
            using var head = await seeded.Api.Client.SendAsync(headRequest, Cancellation);
            Assert.True(get.StatusCode == head.StatusCode, $"{route}: {(int)get.StatusCode}, HEAD {(int)head.StatusCode}");
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));

            using var wrong = new HttpRequestMessage(HttpMethod.Head,
                $"{route}{(route.Contains('?', StringComparison.Ordinal) ? '&' : '?')}no_such_parameter=1");
            using var wrongHead = await seeded.Api.Client.SendAsync(wrong, Cancellation);
            using var wrongGet = await seeded.Api.Client.GetAsync(wrong.RequestUri, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(wrongGet.StatusCode == wrongHead.StatusCode, $"{wrong.RequestUri}: {(int)wrongGet.StatusCode}, HEAD " +
                $"{(int)wrongHead.StatusCode}");

            using var optionsRequest = new HttpRequestMessage(HttpMethod.Options, route);
            using var options = await seeded.Api.Client.SendAsync(optionsRequest, Cancellation);
            Assert.True((int)options.StatusCode < 500, route);
            Assert.True(options.StatusCode != HttpStatusCode.MethodNotAllowed || options.Content.Headers.Allow.Contains("HEAD"),
                $"{route} allows {string.Join(", ", options.Content.Headers.Allow)}");
        }
    }

    [Fact]
    public async Task Many_unknown_parameters_have_a_short_answer()
    {
        foreach (var path in new[] { "/data", "/stats", "/export" })
        {
            var names = string.Join('&', Enumerable.Range(0, 5_000).Select(number => $"a{number:x}"));
            using var response = await seeded.Api.Client.GetAsync(new Uri($"{path}?{names}", UriKind.Relative), Cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(Cancellation);

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.InRange(body.Length, 1, 16 * 1024);
            Assert.Equal(20, JsonNode.Parse(body)!["errors"]!.AsObject().Count);
        }
    }

    /// <summary>Gets every route that supports GET, with values for its path parameters.</summary>
    private IEnumerable<string> ReadableRoutes() => seeded.Api.Routes
        .Where(route => route.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>() is not { } methods
            || methods.HttpMethods.Contains("GET"))
        .Select(route => string.Join('/', $"/{route.RoutePattern.RawText!.TrimStart('/')}".Split('/').Select(segment => segment switch
        {
            "{platform}" => "ethereum",
            "{**address}" => "0xabc",
            ['{', '*', ..] => "x",
            ['{', ..] => CatalogueSeed.Id(1).ToString(),
            _ => segment,
        })))
        .Select(path => path == "/changes" ? "/changes?since=0" : path == "/compare-runs" ? $"/compare-runs?a={Guid.Empty}&b={Guid.Empty}"
            : path)
        .Distinct(StringComparer.Ordinal);
}
