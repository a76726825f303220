using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kasparro.Api.Catalogue;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace Kasparro.Tests.Integration.Vendors;

public sealed class VendorRouteTests(VendorApi seeded) : IClassFixture<VendorApi>
{
    private const string Paprika = "/compat/coinpaprika/v1";
    private const string Eleven = "aaaaaaaaaaa";
    private const string NinetyNine = Eleven + Eleven + Eleven + Eleven + Eleven + Eleven + Eleven + Eleven + Eleven;

    [Theory]
    [InlineData("/api/v3/coins/markets?vs_currency=usd", "coingecko/markets.json")]
    [InlineData("/api/v3/coins/list?include_platform=true", "coingecko/coins-list.json")]
    [InlineData(Paprika + "/coins", "coinpaprika/coins.json")]
    [InlineData(Paprika + "/tickers", "coinpaprika/tickers.json")]
    [InlineData(Paprika + "/contracts/eth-ethereum", "coinpaprika/contracts-eth-ethereum.json")]
    public async Task Answers_have_every_field_of_the_recorded_ones_with_its_type(string route, string recording)
    {
        using var file = JsonDocument.Parse(await File.ReadAllBytesAsync(Corpus.Require(recording), Cancellation));
        var answer = JsonNode.Parse(await GetAsync(route))!.AsArray();

        foreach (var recorded in file.RootElement.EnumerateArray().Take(200))
        {
            Assert.All(answer, item => CheckShape(recorded, JsonSerializer.SerializeToElement(item), route));
        }
    }

    [Theory]
    [InlineData("id_asc", "id", 1)]
    [InlineData("id_desc", "id", -1)]
    [InlineData("market_cap_asc", "market_cap", 1)]
    [InlineData("market_cap_desc", "market_cap", -1)]
    [InlineData("volume_asc", "total_volume", 1)]
    [InlineData("volume_desc", "total_volume", -1)]
    public async Task Markets_come_in_every_order_that_CoinGecko_has(string order, string field, int direction)
    {
        foreach (var selection in new[] { "usd", "usd&ids=bitcoin,ethereum,tether", "eur" })
        {
            var coins = JsonNode.Parse(await GetAsync($"/api/v3/coins/markets?vs_currency={selection}&order={order}"))!.AsArray();
            var values = coins.Select(coin => coin![field]).OfType<JsonNode>().ToList(); // Unknown values come last.

            Assert.True(values.Count > 1);
            Assert.All(values.Zip(values.Skip(1)), pair => Assert.True(Compare(pair.First, pair.Second) * direction <= 0));
        }

        static int Compare(JsonNode left, JsonNode right) => left.GetValueKind() is JsonValueKind.String
            ? string.CompareOrdinal((string)left!, (string)right!)
            : ((double)left).CompareTo((double)right);
    }

    /// <summary>The contracts of any source make a token.</summary>
    [Theory]
    [InlineData("btc-bitcoin", "btc", "coin")]
    [InlineData("usdt-tether", "usdt", "token")]
    [InlineData(null, "local", "token")]
    public async Task List_search_and_page_of_CoinPaprika_agree_whether_it_is_a_token(string? id, string symbol, string type)
    {
        id ??= VendorApi.OnlyInCsv.ToString();

        var listed = JsonNode.Parse(await GetAsync($"{Paprika}/coins"))!.AsArray().Single(coin => (string?)coin!["id"] == id);
        var found = JsonNode.Parse(await GetAsync($"{Paprika}/search?q={symbol}&c=currencies"))!["currencies"]!.AsArray().Single();
        var shown = JsonNode.Parse(await GetAsync($"{Paprika}/coins/{id}"));

        Assert.Equal((type, type, type), ((string?)listed!["type"], (string?)found!["type"], (string?)shown!["type"]));
    }

    [Theory]
    [InlineData("/api/v3/no/such/route", 404, "error")]
    [InlineData("/api/v3/coins/no-such-coin", 404, "error")]
    [InlineData("/api/v3/coins/ethereum/contract/0x0", 404, "error")]
    [InlineData("/api/v3/coins/markets", 422, "error")]
    [InlineData("/api/v3/coins/markets?vs_currency=xxx", 422, "error")]
    [InlineData("/api/v3/simple/price?vs_currencies=usd", 422, "error")]
    [InlineData("/api/v3/simple/price?ids=bitcoin", 422, "error")]
    [InlineData("/api/v3/coins/bitcoin/market_chart?vs_currency=usd", 422, "error")]
    [InlineData("/api/v3/coins/bitcoin/market_chart?vs_currency=usd&days=-1", 422, "error")]
    [InlineData("/api/v3/coins/bitcoin/ohlc?vs_currency=usd&days=x", 422, "error")]
    [InlineData("/api/v3/coins/bitcoin/ohlc?vs_currency=%00&days=1", 422, "error")]
    [InlineData("/api/v3/coins/bitcoin/market_chart?vs_currency=x%00&days=1", 422, "error")]
    [InlineData(Paprika + "/no/such/route", 404, "error")]
    [InlineData(Paprika + "/coins/no-such-coin", 404, "error")]
    [InlineData(Paprika + "/tickers?quotes=XXX", 400, "error")]
    [InlineData(Paprika + "/tickers/btc-bitcoin/historical?start=2026-11-01&quote=x%00", 400, "error")]
    [InlineData(Paprika + "/tickers?quotes=USD,EUR,BTC,ETH", 400, "error")]
    [InlineData(Paprika + "/tickers/btc-bitcoin/historical", 400, "error")]
    [InlineData(Paprika + "/search", 400, "error")]
    [InlineData(Paprika + "/contracts/no-such-platform", 404, "error")]
    public async Task Errors_have_the_vendors_shape(string route, int status, string property)
    {
        using var response = await seeded.Api.Client.GetAsync(new Uri(route, UriKind.Relative), Cancellation);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(Cancellation);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.False(string.IsNullOrEmpty((string?)Assert.Single(body!).Value), body!.ToJsonString());
        Assert.Equal(property, body!.Single().Key);
    }

    [Theory]
    [InlineData("tether", "ethereum")]
    [InlineData($"arbitrum-one/contract/{VendorApi.TetherOnArbitrum}", "arbitrum-one")]
    [InlineData("bitcoin", null)]
    public async Task A_coins_platform_is_the_one_that_was_asked_for_else_ethereum(string route, string? platform)
    {
        var coin = await seeded.Api.Client.GetFromJsonAsync<JsonObject>(new Uri($"/api/v3/coins/{route}", UriKind.Relative), Cancellation);

        Assert.Equal(platform, (string?)coin!["asset_platform_id"]);
    }

    /// <summary>Lists, booleans, numbers and times in the forms that client libraries use for the same request.</summary>
    [Theory]
    [InlineData("/api/v3/simple/price?ids=bitcoin,ethereum&vs_currencies=usd,eur&include_market_cap=true",
        "/api/v3/simple/price?ids=bitcoin,%20ethereum,&vs_currencies=%20USD,+eur&include_market_cap=True&include_24hr_vol=&_=1")]
    [InlineData("/api/v3/simple/price?ids=bitcoin&vs_currencies=usd&include_market_cap=true",
        "/api/v3/simple/price?ids=bitcoin&vs_currencies=usd&include_market_cap=1&precision=")]
    [InlineData("/api/v3/coins/markets?vs_currency=usd&per_page=2",
        "/api/v3/coins/markets?vs_currency=USD&per_page=%202&page=&order=&sparkline=False&ids=&category=")]
    [InlineData("/api/v3/coins/bitcoin?localization=false&tickers=false", "/api/v3/coins/bitcoin?localization=FALSE&tickers=False")]
    [InlineData("/api/v3/coins/bitcoin/market_chart/range?vs_currency=usd&from=1763596800&to=1763683200",
        "/api/v3/coins/bitcoin/market_chart/range?vs_currency=usd&from=1763596800.0&to=2025-11-21T00:00:00.000000000Z&precision=")]
    [InlineData(Paprika + "/tickers?quotes=USD,EUR", Paprika + "/tickers?quotes=USD,+eur&_=1763640000000")]
    [InlineData(Paprika + "/search?q=btc", Paprika + "/search?q=%20btc%20&c=&limit=&modifier=")]
    [InlineData(Paprika + "/search?q=none", Paprika + "/search?q=" + NinetyNine + "%F0%9F%A6%9C")]
    [InlineData(Paprika + "/search?q=btc&modifier=symbol_search", Paprika + "/search?q=btc&modifier=Symbol_Search")]
    [InlineData(Paprika + "/coins/btc-bitcoin/ohlcv/historical?start=2025-11-20T00:00:00Z&interval=24h",
        Paprika + "/coins/btc-bitcoin/ohlcv/historical?start=2025-11-20%2000:00:00%2B00:00&interval=24H&end=&limit=")]
    [InlineData("/api/v3/coins/bitcoin/market_chart/range?vs_currency=usd&from=1795089600&to=1795262400&interval=hourly",
        "/api/v3/coins/bitcoin/market_chart/range?vs_currency=usd&from=1795089600&to=4102444800&interval=hourly")]
    [InlineData(Paprika + "/tickers/btc-bitcoin/historical?start=2025-11-19&interval=1d&limit=1",
        Paprika + "/tickers/btc-bitcoin/historical?start=2010-01-01&interval=1d&limit=1")]
    [InlineData(Paprika + "/coins/btc-bitcoin/ohlcv/historical?start=2025-11-19&limit=1",
        Paprika + "/coins/btc-bitcoin/ohlcv/historical?start=2010-01-01&limit=1")]
    public async Task A_request_may_be_written_as_clients_write_it(string plain, string written) =>
        Assert.Equal(await GetAsync(plain), await GetAsync(written));

    /// <summary>Past prices exist only for CoinGecko's listing, while the current price is CoinPaprika's.</summary>
    [Fact]
    public async Task Past_prices_are_of_another_listing_where_the_prices_own_has_none()
    {
        var market = JsonNode.Parse(await GetAsync(
            "/api/v3/coins/markets?vs_currency=usd&ids=ethereum&sparkline=true&price_change_percentage=24h,7d,1y"))![0]!;
        var ticker = JsonNode.Parse(await GetAsync($"{Paprika}/tickers/eth-ethereum"))!["quotes"]!["USD"]!;

        foreach (var window in new[] { "24h", "7d", "1y" })
        {
            Assert.Equal(100, (double)market[$"price_change_percentage_{window}_in_currency"]!, 0.01);
            Assert.Equal(100, (double)ticker[$"percent_change_{window}"]!, 0.01);
        }

        Assert.Contains(1_560.2, market["sparkline_in_7d"]!["price"]!.AsArray().Select(price => (double)price!));
        Assert.Null(market["market_cap_change_percentage_24h"]);
        Assert.Equal((1_560.2, 3_120.4), ((double)market["low_24h"]!, (double)market["high_24h"]!));
    }

    /// <summary>The stored rate is that of 64,000 dollars a bitcoin at all times; its price was half as high as it is now.</summary>
    [Fact]
    public async Task Past_prices_in_a_coin_follow_the_price_that_the_coin_had()
    {
        var markets = JsonNode.Parse(await GetAsync("/api/v3/coins/markets?vs_currency=btc&price_change_percentage=7d"))!.AsArray();
        var ticker = JsonNode.Parse(await GetAsync($"{Paprika}/tickers/eth-ethereum?quotes=BTC"))!["quotes"]!["BTC"]!;
        var simple = JsonNode.Parse(await GetAsync("/api/v3/simple/price?ids=bitcoin&vs_currencies=btc&include_24hr_change=true"))!;
        var coin = JsonNode.Parse(await GetAsync("/api/v3/coins/bitcoin"))!["market_data"]!;
        foreach (var change in (JsonNode?[])
        [
            .. markets.Where(market => (string)market!["id"]! is "bitcoin" or "ethereum").SelectMany(market => new[]
            {
                market!["price_change_percentage_24h"], market["price_change_percentage_7d_in_currency"],
            }),
            ticker["percent_change_24h"], ticker["percent_change_1y"], simple["bitcoin"]!["btc_24h_change"],
            coin["price_change_percentage_1h_in_currency"]!["btc"], coin["price_change_percentage_1y_in_currency"]!["btc"],
        ])
        {
            Assert.Equal(0, (double)change!, 0.01);
        }

        var rates = JsonNode.Parse(await GetAsync("/api/v3/exchange_rates"))!["rates"]!;
        Assert.Equal((VendorApi.BitcoinPrice, 1), ((double)rates["usd"]!["value"]!, (double)rates["btc"]!["value"]!));

        const string Range = "market_chart/range?vs_currency=btc&from=1700000000&to=4102444800";
        var chart = JsonNode.Parse(await GetAsync($"/api/v3/coins/bitcoin/{Range}&interval=daily"))!["prices"]!.AsArray();
        var candles = JsonNode.Parse(await GetAsync($"{Paprika}/coins/btc-bitcoin/ohlcv/historical?start=2020-01-01&quote=btc"))!.AsArray();
        Assert.True(chart.Count > 5 && candles.Count > 5);
        Assert.All(chart, point => Assert.Equal(1, (double)point![1]!));
        Assert.All(candles, candle => Assert.Equal(2, (double)candle!["open"]! + (double)candle["close"]!, 1e-9));
    }

    [Theory]
    [InlineData("/api/v3/coins/markets?vs_currency=usd&per_page=17")]
    [InlineData("/explore/markets?vs_currency=usd&per_page=18")]
    [InlineData("/api/v3/simple/price?vs_currencies=usd&ids=bitcoin,left")]
    [InlineData("/api/v3/coins/bitcoin?localization=false")]
    [InlineData(Paprika + "/tickers?quotes=EUR")]
    public async Task A_page_is_rendered_for_others_when_the_client_has_gone_that_asked_first(string route)
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, "--Api:CacheTimeout=00:00:10");
        await api.ConnectedToCacheAsync(Cancellation);
        var meters = api.Services.GetRequiredService<IMeterFactory>();
        using var misses = new MetricCollector<long>(meters, ApiMetrics.MeterName, "kasparro.pages.misses");
        using var active = new MetricCollector<long>(meters, "Microsoft.AspNetCore.Hosting", "http.server.active_requests");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        api.Cache.Stall();

        var first = api.Client.GetAsync(new Uri(route, UriKind.Relative), leaving.Token);
        await IsAsync(misses, sum => sum >= 1);
        var second = api.Client.GetAsync(new Uri(route, UriKind.Relative), Cancellation);
        await IsAsync(misses, sum => sum >= 2);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await IsAsync(active, sum => sum <= 1);
        api.Cache.Resume();

        using var response = await second;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        static Task IsAsync(MetricCollector<long> collector, Func<long, bool> expected) => Eventually.TrueAsync(
            () => Task.FromResult(expected(collector.GetMeasurementSnapshot().Sum(measurement => measurement.Value))), Cancellation);
    }

    [Fact]
    public async Task Pictures_are_our_own_logos_under_the_name_that_the_client_asks_for()
    {
        var origin = seeded.Api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority);
        var logo = $"{origin}/assets/{CatalogueSeed.Id(1)}/logo";
        var markets = JsonNode.Parse(await GetAsync("/api/v3/coins/markets?vs_currency=usd&ids=bitcoin,ethereum"))!.AsArray();
        var coin = JsonNode.Parse(await GetAsync("/api/v3/coins/bitcoin"))!;
        var found = JsonNode.Parse(await GetAsync("/api/v3/search?query=bitcoin"))!["coins"]![0]!;
        var details = JsonNode.Parse(await GetAsync($"{Paprika}/coins/btc-bitcoin"))!;
        using var other = new HttpRequestMessage(HttpMethod.Get, "/api/v3/coins/markets?vs_currency=usd&ids=bitcoin,ethereum")
        {
            Headers = { Host = "prices.example" },
        };
        using var response = await seeded.Api.Client.SendAsync(other, Cancellation);
        var elsewhere = await response.Content.ReadFromJsonAsync<JsonArray>(Cancellation);

        Assert.Equal([logo, "missing_large.png"], markets.Select(market => (string)market!["image"]!));
        Assert.Equal([logo, logo, logo], coin["image"]!.AsObject().Select(image => (string)image.Value!));
        Assert.Equal((logo, logo), ((string)found["thumb"]!, (string)found["large"]!));
        Assert.Equal(logo, (string)details["logo"]!);
        Assert.Equal($"http://prices.example/assets/{CatalogueSeed.Id(1)}/logo", (string)elsewhere![0]!["image"]!);
    }

    [Fact]
    public async Task Other_methods_and_our_own_routes_keep_their_errors()
    {
        using var posted = await seeded.Api.Client.PostAsync(new Uri("/api/v3/ping", UriKind.Relative), content: null, Cancellation);
        using var ours = await seeded.Api.Client.GetAsync(new Uri("/data?colour=red", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
        Assert.Equal("application/json", posted.Content.Headers.ContentType?.MediaType);
        Assert.Equal("application/problem+json", ours.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Hot_answers_need_no_database_and_a_commit_shows()
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, "--Api:MaxStaleness=00:05:00",
            "--Api:VersionCheckInterval=00:01:00");
        string[] routes = ["/api/v3/simple/price?ids=bitcoin,ethereum&vs_currencies=usd", "/api/v3/coins/markets?vs_currency=usd",
            $"{Paprika}/tickers"];
        var first = new List<string>();
        foreach (var route in routes)
        {
            first.Add(await api.Client.GetStringAsync(new Uri(route, UriKind.Relative), Cancellation));
        }

        var renders = api.Renders.GetMeasurementSnapshot().Count;
        await api.Database.CutAsync();
        foreach (var (route, body) in routes.Zip(first))
        {
            Assert.Equal(body, await api.Client.GetStringAsync(new Uri(route, UriKind.Relative), Cancellation));
        }

        Assert.Equal(renders, api.Renders.GetMeasurementSnapshot().Count);
    }

    [Fact]
    public async Task Key_is_asked_for_where_one_is_required_and_taken_as_each_vendors_clients_send_it()
    {
        const string Key = "a-key-of-a-client-0123";
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, $"--Api:VendorKeys=other-key, {Key}");

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync("/api/v3/ping"));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync($"{Paprika}/coins", ("Authorization", "wrong")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/data"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v3/ping", ("x-cg-demo-api-key", Key)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/v3/ping", ("x-cg-pro-api-key", Key)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"/api/v3/exchange_rates?x_cg_demo_api_key={Key}"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{Paprika}/key/info", ("Authorization", Key)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{Paprika}/key/info", ("Authorization", $"Bearer {Key}")));
        Assert.DoesNotContain(api.Logs.GetSnapshot(), entry => entry.Message.Contains(Key, StringComparison.Ordinal));

        // Visitors of the explorer have no key.
        const string Query = "vs_currency=usd&sparkline=true";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/explore/rates"));
        Assert.Equal(
            await api.Client.GetStringAsync(
                new Uri($"/api/v3/coins/markets?{Query}&x_cg_demo_api_key={Key}", UriKind.Relative), Cancellation),
            await api.Client.GetStringAsync(new Uri($"/explore/markets?{Query}", UriKind.Relative), Cancellation));
        async Task<HttpStatusCode> StatusAsync(string path, params (string Name, string Value)[] headers)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await api.Client.SendAsync(request, Cancellation);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Too_many_requests_are_told_in_the_vendors_shape_with_the_time_to_wait()
    {
        await using var api = await seeded.Api.StartReplicaAsync(
            Cancellation, "--Api:RateLimit:Requests=1", "--Api:RateLimit:Window=01:00:00", "--Api:RateLimit:SharingInterval=00:01:00");
        using var first = await api.Client.GetAsync(new Uri("/api/v3/ping", UriKind.Relative), Cancellation);
        using var gecko = await api.Client.GetAsync(new Uri("/api/v3/ping", UriKind.Relative), Cancellation);
        using var paprika = await api.Client.GetAsync(new Uri($"{Paprika}/coins", UriKind.Relative), Cancellation);

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (gecko.StatusCode, paprika.StatusCode));
        Assert.NotNull(gecko.Headers.RetryAfter);
        Assert.Equal(429, (int)(await gecko.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["status"]!["error_code"]!);
        Assert.Equal("you have reached maximum request limit",
            (string?)(await paprika.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!["error"]);
        await api.ForgetRatesAsync();
    }

    [Fact]
    public async Task Another_Kasparro_is_shown_what_the_vendor_itself_lists_with_its_own_values()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v3/coins/markets?vs_currency=usd");
        request.Headers.UserAgent.ParseAdd("Kasparro/1.0");
        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);
        var coins = (await response.Content.ReadFromJsonAsync<JsonArray>(Cancellation))!;

        Assert.Equal(["bitcoin", "ethereum", "tether"], coins.Select(coin => (string?)coin!["id"]));
        Assert.Equal(64_000, (double)coins[0]!["current_price"]!);
        Assert.Equal("2026-11-20T12:00:00.000Z", (string?)coins[0]!["last_updated"]);
    }

    [Fact]
    public async Task Asset_is_found_by_its_own_id_in_every_vocabulary()
    {
        var price =
            JsonNode.Parse(await GetAsync($"/api/v3/simple/price?ids={CatalogueSeed.Id(1)},{VendorApi.OnlyInCsv}&vs_currencies=usd"))!;
        Assert.Equal(VendorApi.BitcoinPrice, (double)price[CatalogueSeed.Id(1).ToString()]!["usd"]!);
        Assert.Equal(2.5, (double)price[VendorApi.OnlyInCsv.ToString()]!["usd"]!);

        var ticker = JsonNode.Parse(await GetAsync($"{Paprika}/tickers/{VendorApi.OnlyInCsv}"))!;
        Assert.Equal(("LOCAL", 2.5), ((string?)ticker["symbol"], (double)ticker["quotes"]!["USD"]!["price"]!));
    }

    [Theory]
    [InlineData("?coingecko=bitcoin", 1)]
    [InlineData("?coinmarketcap=1", 0)]
    [InlineData("?isin=XTV15WLZJMF0", 0)]
    [InlineData("?coingecko=bitcoin&dti=4H95J0R2X", 0)]
    public async Task Mappings_of_an_id_that_is_not_kept_are_none(string query, int count) =>
        Assert.Equal(count, JsonNode.Parse(await GetAsync($"{Paprika}/coins/mappings{query}"))!.AsArray().Count);

    [Fact]
    public async Task Contract_leads_to_the_ticker()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = seeded.Api.Client.BaseAddress };
        using var response = await client.GetAsync(new Uri($"{Paprika}/contracts/eth-ethereum/{VendorApi.Tether}?quotes=EUR",
            UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal($"{Paprika}/tickers/usdt-tether?quotes=EUR", response.Headers.Location?.ToString());
    }

    private Task<string> GetAsync(string route) => seeded.Api.Client.GetStringAsync(new Uri(route, UriKind.Relative), Cancellation);

    // A field may be null occasionally; if neither is null, both have the same kind.
    private static void CheckShape(JsonElement recorded, JsonElement answer, string path)
    {
        if (recorded.ValueKind is JsonValueKind.Object && answer.ValueKind is JsonValueKind.Object)
        {
            foreach (var property in recorded.EnumerateObject().Where(_ => !path.EndsWith(".platforms", StringComparison.Ordinal)))
            {
                Assert.True(answer.TryGetProperty(property.Name, out var own), $"{path} lacks {property.Name}");
                CheckShape(property.Value, own, $"{path}.{property.Name}");
            }
        }
        else if (recorded.ValueKind is not JsonValueKind.Null && answer.ValueKind is not JsonValueKind.Null
            && recorded.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Assert.True(recorded.ValueKind == answer.ValueKind, $"{path} is {answer.ValueKind} where the vendor has {recorded.ValueKind}");
        }
    }
}
