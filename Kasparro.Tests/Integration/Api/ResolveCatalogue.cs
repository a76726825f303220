using System.Diagnostics.CodeAnalysis;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on a few assets with ids in every vocabulary.</summary>
public sealed class ResolveCatalogue(BackingServices services) : IAsyncLifetime
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

    internal ApiHarness Api { get; private set; } = null!;

    [SuppressMessage("Design", "MA0051:Method is too long", Justification = "The catalogue of these tests.")]
    public async ValueTask InitializeAsync()
    {
        Api = await ApiHarness.StartAsync(services, TestContext.Current.CancellationToken);
        var gone = Asset(Gone, "GONE");
        gone.IsActive = false;
        var delisted = Listing(Gone, SourceNames.CoinPaprika, "gone-gone", Gone);
        delisted.IsActive = false;
        await CatalogueSeed.CommitAsync(
            Api.Catalogue,
            [
                Asset(Bitcoin, "BTC"), Asset(Ether, "ETH", SourceNames.CoinGecko), Asset(Omg, "OMG"),
                Asset(Copy, "COPY", SourceNames.CoinGecko), Asset(CsvCopy, "COPY", SourceNames.Csv), gone,
                Listing(Bitcoin, SourceNames.CoinPaprika, "btc-bitcoin", Bitcoin),
                Listing(BitcoinAtGecko, SourceNames.CoinGecko, "bitcoin", Bitcoin),
                Listing(Ether, SourceNames.CoinGecko, "ethereum", Ether),
                Listing(Omg, SourceNames.CoinPaprika, "omg-omg-network", Omg),
                Listing(Copy, SourceNames.CoinGecko, "copy", Copy),
                Listing(CsvCopy, SourceNames.Csv, "copy", CsvCopy),
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
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }
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

    private static Listing Listing(Guid id, string source, string externalId, Guid asset) => new()
    {
        ListingId = id,
        Source = source,
        ExternalId = externalId,
        AssetId = asset,
        Symbol = "X",
        SymbolKey = "X",
        Name = externalId,
        IsActive = true,
        CreatedAt = CatalogueSeed.Moment,
        UpdatedAt = CatalogueSeed.Moment,
    };

    private static AssetPlatform Contract(Guid listing, string platform, string address) =>
        new() { ListingId = listing, Platform = platform, Address = address, Source = SourceNames.CoinPaprika };
}
