using Kasparro.Api.Catalogue;
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
    }

    public static void MapCoinGeckoApi(this WebApplication app)
    {
        app.MapSimple();
        app.MapCoins();
        app.MapCharts();
        app.MapOverview();

        // The explorer has its own routes to two of the reads: its visitors do not have the API key that a vendor's route may require.
        app.MapPage<MarketsReader, MarketsRequest>(ExplorerMarkets, ReadMarketsAsync).ExcludeFromDescription();
        app.MapPage<OverviewReader>(ExplorerRates, (reader, _) => reader.ReadRatesAsync(areOfPrices: true)).ExcludeFromDescription();

        // For routes that CoinGecko has and we do not, the response is CoinGecko's error rather than our explorer.
        app.MapRead($"{Root}/{{**rest}}", (HttpContext context) => VendorErrors.WriteAsync(context, StatusCodes.Status404NotFound))
            .ExcludeFromDescription();
    }

    private static void MapSimple(this WebApplication app)
    {
        app.MapPage($"{Root}/simple/price", (SimpleReader reader, SimplePriceRequest request, VendorClient client) =>
                reader.ReadPricesAsync(request, client.IsMirror))
            .WithName("GetCoinGeckoSimplePrice").WithSummary("Prices of coins by id, name or symbol")
            .WithDescription("The answer's keys are the ids, names or symbols that were asked for. What is not known is left out.")
            .Produces(StatusCodes.Status200OK, ExamplePrices("bitcoin")).OfCoinGecko();
        app.MapPage($"{Root}/simple/token_price/{{platform}}", (SimpleReader reader, TokenPriceRequest request, VendorClient client) =>
                reader.ReadTokenPricesAsync(request, client.IsMirror))
            .WithName("GetCoinGeckoTokenPrice").WithSummary("Prices of coins by contract")
            .WithDescription("The answer's keys are the addresses, those of EVM platforms in lower case.")
            .Produces(StatusCodes.Status200OK, ExamplePrices(ExampleAddress)).OfCoinGecko();
        app.MapPage($"{Root}/simple/supported_vs_currencies", (SimpleReader reader, VendorClient _) => reader.ReadCurrenciesAsync())
            .WithName("GetCoinGeckoCurrencies").WithSummary("Currencies that amounts can be given in")
            .WithDescription("usd always, the others as CoinGecko's exchange rates have them.")
            .Produces(StatusCodes.Status200OK, new[] { "btc", "usd" }).OfCoinGecko();
    }

    private static void MapCoins(this WebApplication app)
    {
        app.MapPage($"{Root}/coins/list", (CoinsReader reader, CoinListRequest request, VendorClient client) =>
                reader.ReadListAsync(request, client.IsMirror))
            .WithName("GetCoinGeckoCoinList").WithSummary("All coins, with their contracts where asked")
            .WithDescription("CoinGecko's own ids. An asset that CoinGecko does not list has its asset_id as its id.")
            .Produces(StatusCodes.Status200OK, new[] { CoinGeckoListed.Example }).OfCoinGecko();
        app.MapPage<MarketsReader, MarketsRequest>($"{Root}/coins/markets", ReadMarketsAsync)
            .WithName("GetCoinGeckoMarkets").WithSummary("Coins with their markets, page by page")
            .WithDescription(
                "Prices are those that /data shows. Changes come from our own history of them: null where it does not reach back.")
            .Produces(StatusCodes.Status200OK, new[] { CoinGeckoMarket.Example }).OfCoinGecko();
        app.MapPage($"{Root}/coins/{{id}}", (CoinsReader reader, CoinRequest request, VendorClient client) =>
                reader.ReadCoinAsync(request, client))
            .WithName("GetCoinGeckoCoin").WithSummary("One coin")
            .WithDescription("What the catalogue does not have is null or empty, as it is at CoinGecko for coins that lack it.")
            .Produces(StatusCodes.Status200OK, CoinGeckoCoin.Example).OfCoinGecko();
        app.MapPage($"{Root}/coins/{{platform}}/contract/{{address}}", (CoinsReader reader, ContractRequest request, VendorClient client) =>
                reader.ReadContractAsync(request, client))
            .WithName("GetCoinGeckoContract").WithSummary("The coin of a contract")
            .WithDescription("As /coins/{id}, with contract_address.")
            .Produces(StatusCodes.Status200OK, CoinGeckoCoin.Example with { ContractAddress = ExampleAddress }).OfCoinGecko();
    }

    // Not cached: the last days depend on the clock.
    private static void MapCharts(this WebApplication app)
    {
        app.MapFresh($"{Root}/coins/{{id}}/market_chart", (ChartsReader reader, ChartRequest request, VendorClient client) =>
                reader.ReadAsync(request, client.IsMirror))
            .WithName("GetCoinGeckoChart").WithSummary("Prices, market capitalisations and volumes of the last days")
            .WithDescription("From our own history: one point an interval, and the newest.")
            .Produces(StatusCodes.Status200OK, CoinGeckoChart.Example).OfCoinGecko();
        app.MapFresh($"{Root}/coins/{{id}}/market_chart/range", (ChartsReader reader, ChartRangeRequest request, VendorClient client) =>
                reader.ReadRangeAsync(request, client.IsMirror))
            .WithName("GetCoinGeckoChartRange").WithSummary("Prices, market capitalisations and volumes between two times")
            .WithDescription("From our own history: one point an interval, and the newest.")
            .Produces(StatusCodes.Status200OK, CoinGeckoChart.Example).OfCoinGecko();
        app.MapFresh($"{Root}/coins/{{id}}/ohlc", (ChartsReader reader, CandlesRequest request, VendorClient client) =>
                reader.ReadCandlesAsync(request, client.IsMirror))
            .WithName("GetCoinGeckoCandles").WithSummary("Candles of the last days")
            .WithDescription(
                "Close time in Unix milliseconds, open, high, low, close. 30 minutes up to 2 days, 4 hours up to 30, 4 days beyond.")
            .Produces<IReadOnlyList<IReadOnlyList<double>>>(StatusCodes.Status200OK,
                [[1_795_176_000_000, 64_000, 64_500, 63_900, 64_210.55]])
            .OfCoinGecko();
    }

    private static void MapOverview(this WebApplication app)
    {
        app.MapRead($"{Root}/ping", () => TypedResults.Ok(CoinGeckoPing.Example))
            .WithName("GetCoinGeckoPing").WithSummary("Show that the API answers").WithDescription("The same text as CoinGecko's.")
            .Produces(StatusCodes.Status200OK, CoinGeckoPing.Example).OfCoinGecko();
        app.MapRead($"{Root}/key", (OverviewReader reader) => TypedResults.Ok(reader.Key()))
            .WithName("GetCoinGeckoKey").WithSummary("What a key may do")
            .WithDescription("The rate limit of the service; months are not counted.")
            .Produces(StatusCodes.Status200OK, new CoinGeckoKey("Kasparro", 6_000_000, null, null, null, 6_000_000, null, null))
            .OfCoinGecko();
        app.MapRead($"{Root}/asset_platforms", ([AsParameters] PlatformsRequest request) =>
                TypedResults.Ok(OverviewReader.Platforms(request)))
            .WithName("GetCoinGeckoPlatforms").WithSummary("Platforms of contracts").WithDescription("Those of the platform map.")
            .Produces(StatusCodes.Status200OK, new[] { CoinGeckoPlatform.Example }).OfCoinGecko();
        app.MapPage($"{Root}/search", (OverviewReader reader, SearchRequest request, VendorClient client) =>
                reader.SearchAsync(request, client))
            .WithName("SearchCoinGecko").WithSummary("Find coins by a part of their name or symbol")
            .WithDescription("The largest first. Only coins are kept.")
            .Produces(StatusCodes.Status200OK, CoinGeckoSearch.Example).OfCoinGecko();
        app.MapPage<OverviewReader>($"{Root}/exchange_rates", (reader, client) => reader.ReadRatesAsync(areOfPrices: !client.IsMirror))
            .WithName("GetCoinGeckoRates").WithSummary("What one bitcoin costs in each currency")
            .WithDescription("By the catalogue's prices of coins; between other currencies as CoinGecko said when it was last asked.")
            .Produces(StatusCodes.Status200OK, CoinGeckoRates.Example).OfCoinGecko();
        app.MapPage($"{Root}/global", (OverviewReader reader, VendorClient _) => reader.ReadGlobalAsync())
            .WithName("GetCoinGeckoGlobal").WithSummary("The whole market").WithDescription("Sums of the active assets.")
            .Produces(StatusCodes.Status200OK, CoinGeckoGlobalData.Example).OfCoinGecko();
    }

    private static Task<RenderedPage> ReadMarketsAsync(MarketsReader reader, MarketsRequest request, VendorClient client) =>
        reader.ReadAsync(request, client);

    private static Dictionary<string, IReadOnlyDictionary<string, double?>> ExamplePrices(string key) => new(StringComparer.Ordinal)
    {
        [key] = new Dictionary<string, double?>(StringComparer.Ordinal) { ["usd"] = 64_210.55, ["usd_24h_change"] = 0.64 },
    };

    private static void OfCoinGecko(this RouteHandlerBuilder endpoint)
    {
        endpoint.WithGroupName(VendorRoutes.DocumentName).WithTags(Tag);
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
