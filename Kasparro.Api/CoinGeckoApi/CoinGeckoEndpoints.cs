using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinGeckoApi;

/// <summary>Serves CoinGecko's API, v3, from the catalogue.</summary>
internal static class CoinGeckoEndpoints
{
    private const string Root = VendorRoutes.CoinGecko;
    private const string Tag = "CoinGecko";
    private const string ExplorerMarkets = "/explore/markets";
    private const string ExplorerRates = "/explore/rates";
    private const string ExampleAddress = "0xd26114cd6ee289accf82350c8d8487fedb8a0c07";

    public static void AddCoinGeckoApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<SimpleReader>();
        builder.Services.AddSingleton<MarketsReader>();
        builder.Services.AddSingleton<CoinsReader>();
        builder.Services.AddSingleton<ChartsReader>();
        builder.Services.AddSingleton<OverviewReader>();
        builder.AddJson(CoinGeckoJson.Default);
    }

    public static void MapCoinGeckoApi(this WebApplication app)
    {
        app.MapSimple();
        app.MapCoins();
        app.MapCharts();
        app.MapOverview();

        // The explorer has its own routes to two of the reads: its visitors do not have the API key that a vendor's route may require.
        app.MapRead(ExplorerMarkets, GetMarketsAsync).ExcludeFromDescription();
        app.MapRead(ExplorerRates, GetRatesAsync).ExcludeFromDescription();

        // For routes that CoinGecko has and we do not, the response is CoinGecko's error rather than our explorer.
        app.MapRead($"{Root}/{{**rest}}", (HttpContext context) => VendorErrors.WriteAsync(context, StatusCodes.Status404NotFound))
            .ExcludeFromDescription();
    }

    private static void MapSimple(this WebApplication app)
    {
        app.MapRead($"{Root}/simple/price", (HttpContext context, [AsParameters] SimplePriceRequest request, SimpleReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadPricesAsync(request, client.IsMirror)))
            .WithName("GetCoinGeckoSimplePrice").WithSummary("Prices of coins by id, name or symbol")
            .WithDescription("The answer's keys are the ids, names or symbols that were asked for. What is not known is left out.")
            .Produces(StatusCodes.Status200OK, ExamplePrices("bitcoin")).OfCoinGecko();
        app.MapRead($"{Root}/simple/token_price/{{platform}}",
            (HttpContext context, [AsParameters] TokenPriceRequest request, SimpleReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadTokenPricesAsync(request, client.IsMirror)))
            .WithName("GetCoinGeckoTokenPrice").WithSummary("Prices of coins by contract")
            .WithDescription("The answer's keys are the addresses, those of EVM platforms in lower case.")
            .Produces(StatusCodes.Status200OK, ExamplePrices(ExampleAddress)).OfCoinGecko();
        app.MapRead($"{Root}/simple/supported_vs_currencies", (HttpContext context, SimpleReader reader, VendorPages pages) =>
                pages.RespondAsync(context, _ => reader.ReadCurrenciesAsync()))
            .WithName("GetCoinGeckoCurrencies").WithSummary("Currencies that amounts can be given in")
            .WithDescription("usd always, the others as CoinGecko's exchange rates have them.")
            .Produces(StatusCodes.Status200OK, new[] { "btc", "usd" }).OfCoinGecko();
    }

    private static void MapCoins(this WebApplication app)
    {
        app.MapRead($"{Root}/coins/list", (HttpContext context, [AsParameters] CoinListRequest request, CoinsReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadListAsync(request, client.IsMirror)))
            .WithName("GetCoinGeckoCoinList").WithSummary("All coins, with their contracts where asked")
            .WithDescription("CoinGecko's own ids. An asset that CoinGecko does not list has its asset_id as its id.")
            .Produces(StatusCodes.Status200OK, new[] { CoinGeckoListed.Example }).OfCoinGecko();
        app.MapRead($"{Root}/coins/markets", GetMarketsAsync)
            .WithName("GetCoinGeckoMarkets").WithSummary("Coins with their markets, page by page")
            .WithDescription(
                "Prices are those that /data shows. Changes come from our own history of them: null where it does not reach back.")
            .Produces(StatusCodes.Status200OK, new[] { CoinGeckoMarket.Example }).OfCoinGecko();
        app.MapRead($"{Root}/coins/{{id}}", (HttpContext context, [AsParameters] CoinRequest request, CoinsReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadCoinAsync(request, client)))
            .WithName("GetCoinGeckoCoin").WithSummary("One coin")
            .WithDescription("What the catalogue does not have is null or empty, as it is at CoinGecko for coins that lack it.")
            .Produces(StatusCodes.Status200OK, CoinGeckoCoin.Example).OfCoinGecko();
        app.MapRead($"{Root}/coins/{{platform}}/contract/{{address}}",
            (HttpContext context, [AsParameters] ContractRequest request, CoinsReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadContractAsync(request, client)))
            .WithName("GetCoinGeckoContract").WithSummary("The coin of a contract")
            .WithDescription("As /coins/{id}, with contract_address.")
            .Produces(StatusCodes.Status200OK, CoinGeckoCoin.Example with { ContractAddress = ExampleAddress }).OfCoinGecko();
    }

    // Not cached: the last days depend on the clock.
    private static void MapCharts(this WebApplication app)
    {
        app.MapRead($"{Root}/coins/{{id}}/market_chart", (HttpContext context, [AsParameters] ChartRequest request, ChartsReader reader) =>
                VendorPages.RunAsync(context, async client => TypedResults.Json(
                    await reader.ReadAsync(request, client.IsMirror), CoinGeckoJson.Relaxed.CoinGeckoChart)))
            .WithName("GetCoinGeckoChart").WithSummary("Prices, market capitalisations and volumes of the last days")
            .WithDescription("From our own history: one point an interval, and the newest.")
            .Produces(StatusCodes.Status200OK, CoinGeckoChart.Example).OfCoinGecko(isCached: false);
        app.MapRead($"{Root}/coins/{{id}}/market_chart/range",
            (HttpContext context, [AsParameters] ChartRangeRequest request, ChartsReader reader) =>
                VendorPages.RunAsync(context, async client => TypedResults.Json(
                    await reader.ReadRangeAsync(request, client.IsMirror), CoinGeckoJson.Relaxed.CoinGeckoChart)))
            .WithName("GetCoinGeckoChartRange").WithSummary("Prices, market capitalisations and volumes between two times")
            .WithDescription("From our own history: one point an interval, and the newest.")
            .Produces(StatusCodes.Status200OK, CoinGeckoChart.Example).OfCoinGecko(isCached: false);
        app.MapRead($"{Root}/coins/{{id}}/ohlc", (HttpContext context, [AsParameters] CandlesRequest request, ChartsReader reader) =>
                VendorPages.RunAsync(context, async client => TypedResults.Json(
                    await reader.ReadCandlesAsync(request, client.IsMirror),
                        CoinGeckoJson.Relaxed.IReadOnlyListIReadOnlyListDouble)))
            .WithName("GetCoinGeckoCandles").WithSummary("Candles of the last days")
            .WithDescription(
                "Close time in Unix milliseconds, open, high, low, close. 30 minutes up to 2 days, 4 hours up to 30, 4 days beyond.")
            .Produces<IReadOnlyList<IReadOnlyList<double>>>(StatusCodes.Status200OK,
                [[1_795_176_000_000, 64_000, 64_500, 63_900, 64_210.55]])
            .OfCoinGecko(isCached: false);
    }

    private static void MapOverview(this WebApplication app)
    {
        app.MapRead($"{Root}/ping", () => TypedResults.Json(CoinGeckoPing.Example, CoinGeckoJson.Relaxed.CoinGeckoPing))
            .WithName("GetCoinGeckoPing").WithSummary("Show that the API answers").WithDescription("The same text as CoinGecko's.")
            .Produces(StatusCodes.Status200OK, CoinGeckoPing.Example).OfCoinGecko(isCached: false);
        app.MapRead($"{Root}/key", (OverviewReader reader) => TypedResults.Json(reader.Key(), CoinGeckoJson.Relaxed.CoinGeckoKey))
            .WithName("GetCoinGeckoKey").WithSummary("What a key may do")
            .WithDescription("The rate limit of the service; months are not counted.")
            .Produces(StatusCodes.Status200OK, new CoinGeckoKey("Kasparro", 6_000_000, null, null, null, 6_000_000, null, null))
            .OfCoinGecko(isCached: false);
        app.MapRead($"{Root}/asset_platforms", ([AsParameters] PlatformsRequest request) =>
                TypedResults.Json(OverviewReader.Platforms(request), CoinGeckoJson.Relaxed.IReadOnlyListCoinGeckoPlatform))
            .WithName("GetCoinGeckoPlatforms").WithSummary("Platforms of contracts").WithDescription("Those of the platform map.")
            .Produces(StatusCodes.Status200OK, new[] { CoinGeckoPlatform.Example }).OfCoinGecko(isCached: false);
        app.MapRead($"{Root}/search", (HttpContext context, [AsParameters] SearchRequest request, OverviewReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.SearchAsync(request, client)))
            .WithName("SearchCoinGecko").WithSummary("Find coins by a part of their name or symbol")
            .WithDescription("The largest first. Only coins are kept.")
            .Produces(StatusCodes.Status200OK, CoinGeckoSearch.Example).OfCoinGecko();
        app.MapRead($"{Root}/exchange_rates", GetRatesAsync)
            .WithName("GetCoinGeckoRates").WithSummary("What one bitcoin costs in each currency")
            .WithDescription("As CoinGecko said when it was last asked.")
            .Produces(StatusCodes.Status200OK, CoinGeckoRates.Example).OfCoinGecko();
        app.MapRead($"{Root}/global", (HttpContext context, OverviewReader reader, VendorPages pages) =>
            pages.RespondAsync(context, _ => reader.ReadGlobalAsync()))
            .WithName("GetCoinGeckoGlobal").WithSummary("The whole market").WithDescription("Sums of the active assets.")
            .Produces(StatusCodes.Status200OK, CoinGeckoGlobalData.Example).OfCoinGecko();
    }

    private static Task GetMarketsAsync(
        HttpContext context, [AsParameters] MarketsRequest request, MarketsReader reader, VendorPages pages) =>
        pages.RespondAsync(context, client => reader.ReadAsync(request, client));

    private static Task GetRatesAsync(HttpContext context, OverviewReader reader, VendorPages pages) =>
        pages.RespondAsync(context, _ => reader.ReadRatesAsync());

    private static Dictionary<string, IReadOnlyDictionary<string, double?>> ExamplePrices(string key) => new(StringComparer.Ordinal)
    {
        [key] = new Dictionary<string, double?>(StringComparer.Ordinal) { ["usd"] = 64_210.55, ["usd_24h_change"] = 0.64 },
    };

    private static void OfCoinGecko(this RouteHandlerBuilder endpoint, bool isCached = true)
    {
        endpoint.OfVendor(Tag, isCached);
        foreach (var status in (ReadOnlySpan<int>)[StatusCodes.Status404NotFound, StatusCodes.Status422UnprocessableEntity])
        {
            endpoint.Produces(status, new VendorError(status == StatusCodes.Status404NotFound ? "coin not found"
                : "Missing parameter vs_currency"));
        }

        foreach (var status in (ReadOnlySpan<int>)
            [StatusCodes.Status401Unauthorized, StatusCodes.Status429TooManyRequests, StatusCodes.Status500InternalServerError,
                StatusCodes.Status503ServiceUnavailable])
        {
            endpoint.Produces(status, VendorErrors.CoinGeckoExample(status));
        }
    }
}
