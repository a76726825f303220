using System.Diagnostics.CodeAnalysis;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on a few assets with ids in every vocabulary.</summary>
public sealed class ResolveCatalogue(BackingServices services) : ApiFixture(services)
{
    internal const string Token = "0xd26114cd6ee289accf82350c8d8487fedb8a0c07";
    internal const string Checksummed = "0xd26114cd6EE289AccF82350c8d8487fedB8A0C07";
    internal const string Shared = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
    internal const string Mint = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v";

    internal static readonly Guid Bitcoin = StableId.ForListing(SourceNames.CoinPaprika, "btc-bitcoin");
    internal static readonly Guid BitcoinAtGecko = StableId.ForListing(SourceNames.CoinGecko, "bitcoin");
    internal static readonly Guid Ether = StableId.ForListing(SourceNames.CoinGecko, "ethereum");
    internal static readonly Guid Omg = StableId.ForListing(SourceNames.CoinPaprika, "omg-omg-network");
    internal static readonly Guid Copy = StableId.ForListing(SourceNames.CoinGecko, "copy");
    internal static readonly Guid CsvCopy = StableId.ForListing(SourceNames.Csv, "copy");
    internal static readonly Guid Gone = StableId.ForListing(SourceNames.CoinPaprika, "gone-gone");

    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "The catalogue of these tests.")]
    protected override Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        var gone = Asset(Gone, "GONE");
        gone.IsActive = false;
        var delisted = CatalogueSeed.Listing(SourceNames.CoinPaprika, "gone-gone", Gone);
        delisted.IsActive = false;
        return CatalogueSeed.CommitAsync(
            catalogue,
            [
                Asset(Bitcoin, "BTC"), Asset(Ether, "ETH", SourceNames.CoinGecko), Asset(Omg, "OMG"),
                Asset(Copy, "COPY", SourceNames.CoinGecko), Asset(CsvCopy, "COPY", SourceNames.Csv), gone,
                CatalogueSeed.Listing(SourceNames.CoinPaprika, "btc-bitcoin", Bitcoin),
                CatalogueSeed.Listing(SourceNames.CoinGecko, "bitcoin", Bitcoin),
                CatalogueSeed.Listing(SourceNames.CoinGecko, "ethereum", Ether),
                CatalogueSeed.Listing(SourceNames.CoinPaprika, "omg-omg-network", Omg),
                CatalogueSeed.Listing(SourceNames.CoinGecko, "copy", Copy),
                CatalogueSeed.Listing(SourceNames.Csv, "copy", CsvCopy),
                delisted,
                new AssetRedirect { AssetId = BitcoinAtGecko, MergedInto = Bitcoin, MergedAt = CatalogueSeed.Moment },
                Contract(Omg, "ethereum", Token), Contract(Omg, "solana", Mint),
                Contract(Copy, "ethereum", Shared), Contract(CsvCopy, "ethereum", Shared),
                Contract(Copy, "xdc-network", "xdc536dd70445cea1e97f9bf1bada04cbda5199a2a1"),
                Contract(Omg, "newchain", Token),
                new UpstreamPlatform
                {
                    Source = SourceNames.CoinGecko,
                    PlatformId = "newchain",
                    Platform = "newchain",
                    ChainId = 424242,
                    SeenAt = CatalogueSeed.Moment,
                },
                new ReferenceFile
                {
                    Kind = ReferenceFileKind.Crosswalk,
                    FileName = "isin.csv",
                    Vocabulary = "isin",
                    RowCount = 1,
                    LoadedAt = CatalogueSeed.Moment,
                },
                new ExternalId { Vocabulary = "isin", Value = "XS1", ListingId = Omg, FileName = "isin.csv", Line = 2 },
            ],
            cancellationToken);
    }

    private static Asset Asset(Guid id, string symbol, string source = SourceNames.CoinPaprika)
    {
        var asset = CatalogueSeed.Asset(0, symbol, 1);
        return new()
        {
            AssetId = id,
            Symbol = symbol,
            SymbolKey = symbol,
            Name = asset.Name,
            Source = source,
            IsActive = true,
            PriceUsd = 1,
            MarketCapUsd = 1,
            UpdatedAt = CatalogueSeed.Moment,
        };
    }

    private static AssetPlatform Contract(Guid listing, string platform, string address) =>
        new() { ListingId = listing, Platform = platform, Address = address, Source = SourceNames.CoinPaprika };
}
