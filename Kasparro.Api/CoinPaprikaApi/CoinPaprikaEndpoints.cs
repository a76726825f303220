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
        app.MapPage($"{Root}/coins", (PaprikaCoinsReader reader, VendorClient client) => reader.ReadAllAsync(client.IsMirror))
            .WithName("GetCoinPaprikaCoins").WithSummary("All coins, active or not")
            .WithDescription("CoinPaprika's own ids. An active asset that CoinPaprika does not list has its asset_id as its id.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaCoin.Example }).OfCoinPaprika();
        app.MapPage($"{Root}/coins/mappings", (PaprikaContractsReader reader, PaprikaMappingsRequest request, VendorClient _) =>
                reader.ReadMappingsAsync(request))
            .WithName("GetCoinPaprikaMappings").WithSummary("Ids of coins at CoinGecko")
            .WithDescription("/mappings has those of all vocabularies.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaMapping.Example }).OfCoinPaprika();
        app.MapPage($"{Root}/coins/{{id}}", (PaprikaCoinsReader reader, CoinByIdRequest request, VendorClient client) =>
                reader.ReadAsync(request, client))
            .WithName("GetCoinPaprikaCoin").WithSummary("One coin").WithDescription("What the catalogue does not have is null or empty.")
            .Produces(StatusCodes.Status200OK, PaprikaCoinDetails.Example).OfCoinPaprika();
        app.MapFresh($"{Root}/coins/{{id}}/ohlcv/historical", (TicksReader reader, OhlcvRequest request, VendorClient client) =>
                reader.ReadCandlesAsync(request, client.IsMirror))
            .WithName("GetCoinPaprikaCandles").WithSummary("Candles of a coin").WithDescription("From our own history of prices.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaCandle.Example }).OfCoinPaprika();
    }

    private static void MapTickers(this WebApplication app)
    {
        app.MapPage($"{Root}/tickers", (TickersReader reader, TickersRequest request, VendorClient client) =>
                reader.ReadAllAsync(request, client.IsMirror))
            .WithName("GetCoinPaprikaTickers").WithSummary("All coins with their prices")
            .WithDescription("Prices are those that /data shows.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaTicker.Example }).OfCoinPaprika();
        app.MapPage($"{Root}/tickers/{{id}}", (TickersReader reader, TickerRequest request, VendorClient client) =>
                reader.ReadAsync(request, client.IsMirror))
            .WithName("GetCoinPaprikaTicker").WithSummary("One coin with its prices").WithDescription("Prices are those that /data shows.")
            .Produces(StatusCodes.Status200OK, PaprikaTicker.Example).OfCoinPaprika();
        app.MapFresh($"{Root}/tickers/{{id}}/historical", (TicksReader reader, TicksRequest request, VendorClient client) =>
                reader.ReadAsync(request, client.IsMirror))
            .WithName("GetCoinPaprikaTicks").WithSummary("Past prices of a coin").WithDescription("From our own history of prices.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaTick.Example }).OfCoinPaprika();
    }

    private static void MapContracts(this WebApplication app)
    {
        app.MapPage($"{Root}/contracts", (PaprikaContractsReader reader, VendorClient client) => reader.ReadPlatformsAsync(client.IsMirror))
            .WithName("GetCoinPaprikaPlatforms").WithSummary("Platforms that contracts are on").WithDescription("CoinPaprika's own ids.")
            .Produces(StatusCodes.Status200OK, new[] { "eth-ethereum" }).OfCoinPaprika();
        app.MapPage(
                $"{Root}/contracts/{{platform}}",
                (PaprikaContractsReader reader, PlatformContractsRequest request, VendorClient client) =>
                    reader.ReadContractsAsync(request, client.IsMirror))
            .WithName("GetCoinPaprikaContracts").WithSummary("Contracts of a platform").WithDescription("Those that any source names.")
            .Produces(StatusCodes.Status200OK, new[] { PaprikaContract.Example }).OfCoinPaprika();
        app.MapRead($"{Root}/contracts/{{platform}}/{{address}}",
            (HttpContext context, [AsParameters] ContractTickerRequest request, PaprikaContractsReader reader) =>
                RedirectAsync(context, request, reader, rest: ""))
            .WithName("GetCoinPaprikaContract").WithSummary("Lead to the ticker of a contract").WithDescription("301, as CoinPaprika does.")
            .Produces(StatusCodes.Status301MovedPermanently).OfCoinPaprika();
        app.MapRead($"{Root}/contracts/{{platform}}/{{address}}/historical",
            (HttpContext context, [AsParameters] ContractTickerRequest request, PaprikaContractsReader reader) =>
                RedirectAsync(context, request, reader, rest: "/historical"))
            .WithName("GetCoinPaprikaContractTicks").WithSummary("Lead to the past prices of a contract")
            .WithDescription("301, as CoinPaprika does.")
            .Produces(StatusCodes.Status301MovedPermanently).OfCoinPaprika();
    }

    private static void MapOverview(this WebApplication app)
    {
        app.MapPage($"{Root}/search", (PaprikaCoinsReader reader, PaprikaSearchRequest request, VendorClient _) =>
                reader.SearchAsync(request))
            .WithName("SearchCoinPaprika").WithSummary("Find coins by a part of their name or symbol")
            .WithDescription("The largest first. Only currencies are kept.")
            .Produces(StatusCodes.Status200OK, ExampleFound)
            .OfCoinPaprika();
        app.MapPage($"{Root}/global", (GlobalReader reader, VendorClient _) => ReadGlobalAsync(reader))
            .WithName("GetCoinPaprikaGlobal").WithSummary("The whole market").WithDescription("Sums of the active assets.")
            .Produces(StatusCodes.Status200OK, PaprikaGlobal.Example).OfCoinPaprika();
        app.MapRead($"{Root}/key/info", () => TypedResults.Ok(PaprikaKey.Example))
            .WithName("GetCoinPaprikaKey").WithSummary("What a key may do")
            .WithDescription("The service has no plans and counts no months.")
            .Produces(StatusCodes.Status200OK, PaprikaKey.Example).OfCoinPaprika();
    }

    private static Task RedirectAsync(HttpContext context, ContractTickerRequest request, PaprikaContractsReader reader, string rest) =>
        VendorPages.RunAsync(context, async client =>
        {
            var id = await reader.FindAsync(request, client.IsMirror);
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
            new(
                MarketCapUsd: read.MarketCap,
                VolumeUsd: read.Volume,
                BitcoinDominancePercentage: bitcoin is not null ? Math.Round(read.GetShare(bitcoin) ?? 0, 2) : 0,
                CryptocurrenciesNumber: read.Count,
                MarketCapAthValue: null, MarketCapAthDate: null, VolumeAthValue: null, VolumeAthDate: null,
                MarketCapChange: read.MarketCapChange is { } marketCap ? Math.Round(marketCap, 2) : null,
                VolumeChange: read.VolumeChange is { } volume ? Math.Round(volume, 2) : null,
                LastUpdated: read.UpdatedAt is { } at ? new DateTimeOffset(at).ToUnixTimeSeconds() : 0),
            ApiJson.Relaxed.PaprikaGlobal);
    }

    private static void OfCoinPaprika(this RouteHandlerBuilder endpoint)
    {
        endpoint.WithGroupName(VendorRoutes.DocumentName).WithTags(Tag);
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
