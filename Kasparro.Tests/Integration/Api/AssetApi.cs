using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on an asset of two listings, one of which was an asset of its own, and an inactive asset.</summary>
public sealed class AssetApi(BackingServices services) : ApiFixture(services)
{
    protected override Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        var inactive = CatalogueSeed.Asset(9, "GONE", marketCap: null);
        inactive.IsActive = false;
        return CatalogueSeed.CommitAsync(
            catalogue,
            [
                CatalogueSeed.Asset(1, "BTC", 1e12, 64_000, "Bitcoin"),
                inactive,
                CatalogueSeed.Listing(1, SourceNames.CoinPaprika, "BTC", 1e12, 1, CatalogueSeed.Moment),
                CatalogueSeed.Listing(2, SourceNames.CoinGecko, "btc", double.NaN, 1),
                CatalogueSeed.Listing(9, SourceNames.CoinPaprika, "GONE", null, 9),
                new AssetPlatform { ListingId = CatalogueSeed.Id(2), Platform = "ethereum", Address = "0xabc",
                    Source = SourceNames.CoinGecko },
                new IdentityDecision
                {
                    ListingId = CatalogueSeed.Id(1),
                    OtherId = CatalogueSeed.Id(2),
                    AssetId = CatalogueSeed.Id(1),
                    Rule = "symbol_name",
                    Confidence = 0.96,
                    Evidence = """["symbol BTC", "name bitcoin"]""",
                    DecidedAt = CatalogueSeed.Moment,
                },
                new AssetRedirect { AssetId = CatalogueSeed.Id(2), MergedInto = CatalogueSeed.Id(1), MergedAt = CatalogueSeed.Moment },
            ],
            cancellationToken);
    }
}
