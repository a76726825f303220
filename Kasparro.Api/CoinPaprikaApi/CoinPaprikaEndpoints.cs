using Kasparro.Api.Catalogue;
using Kasparro.Api.Docs;
using Kasparro.Api.Http;
using Kasparro.Api.Vendors;

namespace Kasparro.Api.CoinPaprikaApi;

/// <summary>Serves CoinPaprika's API, v1, from the catalogue.</summary>
internal static class CoinPaprikaEndpoints
{
    private const string Root = $"{VendorRoutes.CoinPaprika}/v1";
    private const string Tag = "CoinPaprika";

    private static readonly Dictionary<string, IReadOnlyList<PaprikaCoin>> ExampleFound =
        new(StringComparer.Ordinal) { ["currencies"] = [PaprikaCoin.Example] };

    public static void AddCoinPaprikaApi(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TickersReader>();
        builder.Services.AddSingleton<PaprikaCoinsReader>();
        builder.Services.AddSingleton<PaprikaContractsReader>();
        builder.Services.AddSingleton<TicksReader>();
        builder.AddJson(CoinPaprikaJson.Default);
    }

    public static void MapCoinPaprikaApi(this WebApplication app)
    {
        app.MapCoins();
        app.MapTickers();
        app.MapContracts();
        app.MapOverview();
        app.MapRead($"{VendorRoutes.CoinPaprika}/{{**rest}}", (HttpContext context) =>
            VendorErrors.WriteAsync(context, StatusCodes.Status404NotFound))
            .ExcludeFromDescription();
    }

    private static void MapCoins(this WebApplication app)
    {
        app.MapRead($"{Root}/coins", (HttpContext context, PaprikaCoinsReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadAllAsync(client.IsMirror)))
            .WithName("GetCoinPaprikaCoins").WithSummary("All coins, active or not")
            .WithDescription("CoinPaprika's own ids. An active asset that CoinPaprika does not list has its asset_id as its id.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaCoin.Example }).OfCoinPaprika();
        app.MapRead($"{Root}/coins/mappings", (HttpContext context, [AsParameters] PaprikaMappingsRequest request,
            PaprikaContractsReader reader, VendorPages pages) =>
                pages.RespondAsync(context, _ => reader.ReadMappingsAsync(request)))
            .WithName("GetCoinPaprikaMappings").WithSummary("Ids of coins at CoinGecko")
            .WithDescription("/mappings has those of all vocabularies.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaMapping.Example }).OfCoinPaprika();
        app.MapRead($"{Root}/coins/{{id}}", (HttpContext context, [AsParameters] CoinByIdRequest request, PaprikaCoinsReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadAsync(request, client)))
            .WithName("GetCoinPaprikaCoin").WithSummary("One coin").WithDescription("What the catalogue does not have is null or empty.")
            .Produces(StatusCodes.Status200OK, PaprikaCoinDetails.Example).OfCoinPaprika();
        app.MapRead($"{Root}/coins/{{id}}/ohlcv/historical",
            (HttpContext context, [AsParameters] OhlcvRequest request, TicksReader reader) =>
                VendorPages.RunAsync(context, async client => TypedResults.Json(
                    await reader.ReadCandlesAsync(request, client.IsMirror),
                        CoinPaprikaJson.Relaxed.IReadOnlyListPaprikaCandle)))
            .WithName("GetCoinPaprikaCandles").WithSummary("Candles of a coin").WithDescription("From our own history of prices.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaCandle.Example }).OfCoinPaprika(isCached: false);
    }

    private static void MapTickers(this WebApplication app)
    {
        app.MapRead($"{Root}/tickers", (HttpContext context, [AsParameters] TickersRequest request, TickersReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadAllAsync(request, client.IsMirror)))
            .WithName("GetCoinPaprikaTickers").WithSummary("All coins with their prices")
            .WithDescription("Prices are those that /data shows.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaTicker.Example }).OfCoinPaprika();
        app.MapRead($"{Root}/tickers/{{id}}", (HttpContext context, [AsParameters] TickerRequest request, TickersReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadAsync(request, client.IsMirror)))
            .WithName("GetCoinPaprikaTicker").WithSummary("One coin with its prices").WithDescription("Prices are those that /data shows.")
            .Produces(StatusCodes.Status200OK, PaprikaTicker.Example).OfCoinPaprika();
        app.MapRead($"{Root}/tickers/{{id}}/historical", (HttpContext context, [AsParameters] TicksRequest request, TicksReader reader) =>
                VendorPages.RunAsync(context, async client => TypedResults.Json(
                    await reader.ReadAsync(request, client.IsMirror),
                        CoinPaprikaJson.Relaxed.IReadOnlyListPaprikaTick)))
            .WithName("GetCoinPaprikaTicks").WithSummary("Past prices of a coin").WithDescription("From our own history of prices.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaTick.Example }).OfCoinPaprika(isCached: false);
    }

    private static void MapContracts(this WebApplication app)
    {
        app.MapRead($"{Root}/contracts", (HttpContext context, PaprikaContractsReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadPlatformsAsync(client.IsMirror)))
            .WithName("GetCoinPaprikaPlatforms").WithSummary("Platforms that contracts are on").WithDescription("CoinPaprika's own ids.")
            .Produces(StatusCodes.Status200OK, new[] { "eth-ethereum" }).OfCoinPaprika();
        app.MapRead($"{Root}/contracts/{{platform}}", (HttpContext context, [AsParameters] PlatformContractsRequest request,
            PaprikaContractsReader reader, VendorPages pages) =>
                pages.RespondAsync(context, client => reader.ReadContractsAsync(request, client.IsMirror)))
            .WithName("GetCoinPaprikaContracts").WithSummary("Contracts of a platform").WithDescription("Those that any source names.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaContract.Example }).OfCoinPaprika();
        app.MapRead($"{Root}/contracts/{{platform}}/{{address}}",
            (HttpContext context, [AsParameters] ContractTickerRequest request, PaprikaContractsReader reader) =>
                RedirectAsync(context, request, reader, rest: ""))
            .WithName("GetCoinPaprikaContract").WithSummary("Lead to the ticker of a contract").WithDescription("301, as CoinPaprika does.")
            .Produces(StatusCodes.Status301MovedPermanently).OfCoinPaprika(isCached: false);
        app.MapRead($"{Root}/contracts/{{platform}}/{{address}}/historical",
            (HttpContext context, [AsParameters] ContractTickerRequest request, PaprikaContractsReader reader) =>
                RedirectAsync(context, request, reader, rest: "/historical"))
            .WithName("GetCoinPaprikaContractTicks").WithSummary("Lead to the past prices of a contract")
            .WithDescription("301, as CoinPaprika does.")
            .Produces(StatusCodes.Status301MovedPermanently).OfCoinPaprika(isCached: false);
    }

    private static void MapOverview(this WebApplication app)
    {
        app.MapRead($"{Root}/search", (HttpContext context, [AsParameters] PaprikaSearchRequest request, PaprikaCoinsReader reader,
            VendorPages pages) =>
                pages.RespondAsync(context, _ => reader.SearchAsync(request)))
            .WithName("SearchCoinPaprika").WithSummary("Find coins by a part of their name or symbol")
            .WithDescription("The largest first. Only currencies are kept.")
            .Produces(StatusCodes.Status200OK, ExampleFound)
            .OfCoinPaprika();
        app.MapRead($"{Root}/global", (HttpContext context, GlobalReader reader, VendorPages pages) =>
            pages.RespondAsync(context, _ => ReadGlobalAsync(reader)))
            .WithName("GetCoinPaprikaGlobal").WithSummary("The whole market").WithDescription("Sums of the active assets.")
            .Produces(StatusCodes.Status200OK, PaprikaGlobal.Example).OfCoinPaprika();
        app.MapRead($"{Root}/key/info", () => TypedResults.Json(PaprikaKey.Example, CoinPaprikaJson.Relaxed.PaprikaKey))
            .WithName("GetCoinPaprikaKey").WithSummary("What a key may do")
            .WithDescription("The service has no plans and counts no months.")
            .Produces(StatusCodes.Status200OK, PaprikaKey.Example).OfCoinPaprika(isCached: false);
    }

    private static Task RedirectAsync(HttpContext context, ContractTickerRequest request, PaprikaContractsReader reader, string rest) =>
        VendorPages.RunAsync(context, async client =>
        {
            var id = await reader.FindAsync(request, client.IsMirror);

            // Caches must revalidate the redirect: a contract's coin can change.
            context.Response.Headers.CacheControl = "no-cache";
            var query = VendorKeys.WithoutKey(context.Request.QueryString.Value);
            return TypedResults.Redirect($"{Root}/tickers/{Uri.EscapeDataString(id)}{rest}{query}", permanent: true);
        });

    private static async Task<RenderedPage> ReadGlobalAsync(GlobalReader reader)
    {
        var read = await reader.ReadAsync(SourceNames.CoinPaprika);
        var bitcoin = read.Largest.Rows.FirstOrDefault(row => row.Id == "btc-bitcoin")
            ?? read.Largest.Rows.FirstOrDefault(row => row.Symbol == "BTC"); // If CoinPaprika is not read.
        return RenderedPage.Create(
            read.Largest.Stamp,
            new()
            {
                MarketCapUsd = read.MarketCap,
                VolumeUsd = read.Volume,
                BitcoinDominancePercentage = bitcoin is not null ? Math.Round(read.GetShare(bitcoin) ?? 0, 2) : 0,
                CryptocurrenciesNumber = read.Count,
                MarketCapChange = read.MarketCapChange is { } marketCap ? Math.Round(marketCap, 2) : null,
                VolumeChange = read.VolumeChange is { } volume ? Math.Round(volume, 2) : null,
                LastUpdated = read.UpdatedAt is { } at ? new DateTimeOffset(at).ToUnixTimeSeconds() : 0,
            },
            CoinPaprikaJson.Relaxed.PaprikaGlobal);
    }

    private static void OfCoinPaprika(this RouteHandlerBuilder endpoint, bool isCached = true)
    {
        endpoint.OfVendor(Tag, isCached);
        foreach (var status in (ReadOnlySpan<int>)
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status404NotFound,
                StatusCodes.Status429TooManyRequests,
            StatusCodes.Status500InternalServerError, StatusCodes.Status503ServiceUnavailable,
        ])
        {
            endpoint.Produces(status, VendorErrors.CoinPaprikaExample(status));
        }
    }
}
