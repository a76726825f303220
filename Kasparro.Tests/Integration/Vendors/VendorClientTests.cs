using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Vendors;

/// <summary>The vendors' own clients from npm, unmodified, call every route that the service offers for them.</summary>
public sealed class VendorClientTests(VendorApi seeded) : IClassFixture<VendorApi>
{
    private static readonly NpmProject Clients = new("clients/conformance");

    /// <summary>
    /// Differences from CoinGecko's own description of the responses: it has no currency other than US dollars, declares a coin's sparkline
    /// as a list where the service sends an object, and has no nulls for a young coin without history or a key without a monthly limit.
    /// </summary>
    private static readonly string[] Undeclared =
    [
        """price "eur": Object literal may only specify known properties, and '"eur"' does not exist in type 'item'.""",
        NotDeclaredNull("price", "usd_24h_change"),
        """coin "price": Object literal may only specify known properties, and '"price"' does not exist in type 'number[]'.""",
        .. new[]
        {
            "price_change_24h", "price_change_percentage_24h", "price_change_percentage_7d", "price_change_percentage_14d",
            "price_change_percentage_30d", "price_change_percentage_60d", "price_change_percentage_200d", "price_change_percentage_1y",
            "market_cap_change_24h", "market_cap_change_percentage_24h",
        }.Select(field => NotDeclaredNull("contract", field)),
        .. new[]
        {
            "monthly_call_credit", "current_total_monthly_calls", "current_remaining_monthly_calls", "api_key_monthly_call_credit",
            "api_key_current_total_monthly_calls",
        }.Select(field => NotDeclaredNull("key", field, "number")),
    ];

    [Fact]
    public async Task Vendors_clients_understand_every_answer()
    {
        await Clients.InstallAsync(Cancellation);
        var output = await Clients.RunAsync(
            "node", ["vendors.mjs", seeded.Api.Client.BaseAddress!.GetLeftPart(UriPartial.Authority)], Cancellation);
        var (results, mismatches) = (JsonNode.Parse(output)!["results"]!.AsObject(), JsonNode.Parse(output)!["mismatches"]!.AsArray());

        Assert.All(
            results.Where(result => result.Key is not ("missing" or "refused")),
            result => Assert.False(
                result.Value is JsonObject { Count: 3 } failed && failed.ContainsKey("message"), $"{result.Key}: {result.Value}"));
        Assert.Equal(string.Join('\n', Undeclared), string.Join('\n', mismatches.Select(Text)));
        CheckCoinGecko(results);
        CheckCoinGeckoV3(results);
        CheckCoinPaprika(results);
    }

    private static string NotDeclaredNull(string answer, string field, string type = "number | undefined") =>
        $"{answer} \"{field}\": Type 'null' is not assignable to type '{type}'.";

    private static void CheckCoinGecko(JsonObject results)
    {
        Assert.Equal("(V3) To the Moon!", Text(results["ping"]!["gecko_says"]));
        var bitcoin = results["price"]!["bitcoin"]!;
        Assert.Equal(
            (VendorApi.BitcoinPrice, VendorApi.BitcoinPrice / 2, 1.265e12, 100, CatalogueSeed.Moment.ToUnixTimeSeconds()),
            (Number(bitcoin["usd"]), Number(bitcoin["eur"]), Number(bitcoin["usd_market_cap"]), Number(bitcoin["usd_24h_change"]),
                (long)bitcoin["last_updated_at"]!));
        Assert.Equal(64_211, Number(results["priceByName"]!["Bitcoin"]!["usd"]));
        Assert.Equal(VendorApi.BitcoinPrice, Number(results["priceBySymbol"]!["btc"]!["usd"]));
        Assert.Equal(1, Number(results["tokenPrice"]![VendorApi.Tether]!["usd"]));
        Assert.Equal(["btc", "eur", "usd"], results["currencies"]!.AsArray().Select(Text));
        Assert.Equal(
            [VendorApi.OnlyInCsv.ToString(), "bitcoin", "ethereum", "tether"],
            results["list"]!.AsArray().Select(coin => Text(coin!["id"])));
        Assert.Equal(VendorApi.Tether, Text(results["list"]![3]!["platforms"]!["ethereum"]));
        Assert.Equal(["gone"], results["inactive"]!.AsArray().Select(coin => Text(coin!["id"])));

        var market = results["markets"]![0]!;
        Assert.Equal(("bitcoin", "btc", VendorApi.BitcoinPrice, 100), (
            Text(market["id"]), Text(market["symbol"]), Number(market["current_price"]),
            Number(market["price_change_percentage_7d_in_currency"])));
        Assert.Equal(VendorApi.BitcoinPrice, Number(market["sparkline_in_7d"]!["price"]!.AsArray()[^1]));
        Assert.Equal(3_120.4 / 2, Number(Assert.Single(results["marketsInEuro"]!.AsArray())!["current_price"]));

        var coin = results["coin"]!["market_data"]!;
        Assert.Equal((VendorApi.BitcoinPrice, 100), (Number(coin["current_price"]!["usd"]), Number(coin["price_change_percentage_1y"])));
        Assert.Equal("tether", Text(results["contract"]!["id"]));
        Assert.Equal(VendorApi.BitcoinPrice, Number(results["chart"]!["prices"]!.AsArray()[^1]![1]));
        Assert.Equal(VendorApi.BitcoinPrice, Number(results["chartRange"]!["prices"]!.AsArray()[^1]![1]));
        Assert.All(results["candles"]!.AsArray(), candle => Assert.Equal(5, candle!.AsArray().Count));
        Assert.Contains(
            results["platforms"]!.AsArray(), platform => Text(platform!["id"]) == "ethereum" && (long)platform["chain_identifier"]! == 1);
        Assert.Equal(["bitcoin"], results["search"]!["coins"]!.AsArray().Select(found => Text(found!["id"])));
        var euro = results["rates"]!["rates"]!["eur"]!;
        Assert.Equal(("Euro", VendorApi.BitcoinPrice / 2), (Text(euro["name"]), Number(euro["value"])));
        Assert.Equal(4, (long)results["global"]!["data"]!["active_cryptocurrencies"]!);
        Assert.NotNull(results["key"]!["rate_limit_request_per_minute"]);
        Assert.Equal((404, "coin not found"), ((int)results["missing"]!["status"]!, Text(results["missing"]!["body"]!["error"])));
        Assert.Equal((422, "invalid vs_currency"), ((int)results["refused"]!["status"]!, Text(results["refused"]!["body"]!["error"])));
    }

    private static void CheckCoinGeckoV3(JsonObject results)
    {
        Assert.Equal("(V3) To the Moon!", Text(results["v3 ping"]!["gecko_says"]));
        Assert.Equal(VendorApi.BitcoinPrice, Number(results["v3 simplePrice"]!["bitcoin"]!["usd"]));
        Assert.Equal(1, Number(results["v3 simpleTokenPrice"]![VendorApi.Tether]!["usd"]));
        Assert.Equal(3, results["v3 currencies"]!.AsArray().Count);
        Assert.Equal(4, results["v3 coinList"]!.AsArray().Count);
        Assert.Equal("bitcoin", Text(Assert.Single(results["v3 coinMarket"]!.AsArray())!["id"]));
        Assert.False(results["v3 coinId"]!.AsObject().ContainsKey("market_data"));
        Assert.NotEmpty(results["v3 chart"]!["prices"]!.AsArray());
        Assert.NotEmpty(results["v3 chartRange"]!["prices"]!.AsArray());
        Assert.NotEmpty(results["v3 ohlc"]!.AsArray());
        Assert.Equal("tether", Text(results["v3 contract"]!["id"]));
        Assert.Single(results["v3 search"]!["coins"]!.AsArray());
        Assert.Equal(3, results["v3 rates"]!["rates"]!.AsObject().Count);
        Assert.Equal(4, (long)results["v3 global"]!["data"]!["active_cryptocurrencies"]!);
    }

    private static void CheckCoinPaprika(JsonObject results)
    {
        Assert.Equal(
            ["btc-bitcoin", "usdt-tether", "eth-ethereum", VendorApi.OnlyInCsv.ToString()],
            results["paprika coins"]!.AsArray().Select(coin => Text(coin!["id"])));
        Assert.Contains("eth-ethereum", results["paprika coin"]!["contracts"]!.AsArray().Select(contract => Text(contract!["platform"])));
        var quotes = results["paprika tickers"]![0]!["quotes"]!;
        Assert.Equal(
            (VendorApi.BitcoinPrice, VendorApi.BitcoinPrice / 2, 100),
            (Number(quotes["USD"]!["price"]), Number(quotes["EUR"]!["price"]), Number(quotes["USD"]!["percent_change_24h"])));
        Assert.Equal(4, results["paprika allTickers"]!.AsArray().Count);
        Assert.Equal(VendorApi.BitcoinPrice, Number(results["paprika ticker"]!["quotes"]!["USD"]!["price"]));
        Assert.NotEmpty(results["paprika historical"]!.AsArray());
        Assert.NotEmpty(results["paprika candles"]!.AsArray());
        Assert.Equal(4, (long)results["paprika global"]!["cryptocurrencies_number"]!);
        Assert.Equal("id not found", Text(results["paprika missing"]!["error"]));
    }

    private static string? Text(JsonNode? node) => (string?)node;

    private static double Number(JsonNode? node) => Math.Round((double)node!, 6);
}
