using System.Globalization;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on an asset with quotes of two days, and on one with twin listings at both upstreams.</summary>
public sealed class CandleApi(BackingServices services) : ApiFixture(services)
{
    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        await CandleSeed.MakeRoomAsync(catalogue, cancellationToken);
        var version = await CatalogueSeed.CommitAsync(catalogue, [.. Bitcoin(), .. Twins()], cancellationToken);
        await CandleSeed.RollUpAsync(catalogue, cancellationToken);
        return version;
    }

    private static object[] Bitcoin() =>
    [
        CatalogueSeed.Asset(1, "BTC", 1e12, 64_000, "Bitcoin"),
        CatalogueSeed.Listing(1, SourceNames.CoinPaprika, "BTC", 1e12, 1, CatalogueSeed.Moment),
        CatalogueSeed.Listing(2, SourceNames.CoinGecko, "btc", 1e12, 1),
        new AssetRedirect { AssetId = CatalogueSeed.Id(2), MergedInto = CatalogueSeed.Id(1), MergedAt = CatalogueSeed.Moment },
        Quote(1, "2026-11-16T10:00:00Z", 10), // a Monday
        Quote(1, "2026-11-16T10:59:59Z", 14),
        Quote(1, "2026-11-16T10:30:00Z", 8),
        Quote(1, "2026-11-16T12:00:00Z", 11),
        Quote(1, "2026-11-16T12:30:00Z", double.NaN),
        Quote(1, "2026-11-16T13:30:00Z", null),
        Quote(1, "2026-11-15T23:59:59Z", 5), // the Sunday before
        Quote(2, "2026-11-16T10:00:00Z", 99),
        new AssetPlatform { ListingId = CatalogueSeed.Id(1), Platform = "ethereum",
            Address = "0xd26114cd6ee289accf82350c8d8487fedb8a0c07", Source = SourceNames.CoinPaprika },
        new AssetPlatform { ListingId = CatalogueSeed.Id(2), Platform = "osmosis", Address = "factory/OsmO1/x",
            Source = SourceNames.CoinGecko },
        new UpstreamPlatform { Source = SourceNames.CoinGecko, PlatformId = "osmosis", Platform = "osmosis", ChainId = 777_000,
            SeenAt = CatalogueSeed.Moment },
    ];

    // The newer listing of each source has no market capitalisation, so the asset shows the older one; at CoinGecko the newest by far has
    // no price at all, and the best by numbers is delisted.
    private static object[] Twins() =>
    [
        CatalogueSeed.Asset(20, "TWIN", 1e6, 2, "coinpaprika TWIN", CatalogueSeed.Moment.AddMinutes(-1)),
        Twin(21, SourceNames.CoinPaprika, null, 1, 0),
        Twin(22, SourceNames.CoinPaprika, 1e6, 2, -1),
        Twin(23, SourceNames.CoinGecko, null, 10, 0),
        Twin(24, SourceNames.CoinGecko, 1e6, 20, -1),
        Twin(25, SourceNames.CoinGecko, 1e6, null, 60),
        Twin(26, SourceNames.CoinGecko, 1e6, 30, -2 * 24 * 60),
        Twin(27, SourceNames.CoinGecko, 1e9, 40, 0, isActive: false),
        Quote(21, "2026-11-20T12:00:00Z", 1),
        Quote(22, "2026-11-20T11:59:00Z", 2),
        Quote(23, "2026-11-20T12:00:00Z", 10),
        Quote(24, "2026-11-20T11:59:00Z", 20),
        Quote(26, "2026-11-18T12:00:00Z", 30),
        Quote(27, "2026-11-20T12:00:00Z", 40),
    ];

    private static Listing Twin(int number, string source, double? marketCap, double? price, int minutes, bool isActive = true)
    {
        var listing = CatalogueSeed.Listing(number, source, "TWIN", marketCap, 20, CatalogueSeed.Moment.AddMinutes(minutes));
        listing.PriceUsd = price;
        listing.IsActive = isActive;
        return listing;
    }

    private static Quote Quote(int listing, string time, double? price) => new()
    {
        ListingId = CatalogueSeed.Id(listing),
        QuotedAt = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture),
        PriceUsd = price,
        RunId = Guid.Empty,
    };
}
