using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Vendors;

/// <summary>An API on a catalogue with contracts, price history and exchange rates that no test changes.</summary>
public sealed class VendorApi(BackingServices services) : ApiFixture(services)
{
    public const double BitcoinPrice = 64_210.55;

    public const string Tether = "0xdac17f958d2ee523a2206206994597c13d831ec7";

    public const string TetherOnArbitrum = "0xfd086bc7cd5c481dcc9c85ebe478a1c0b69fcbb9";

    internal static Guid OnlyInCsv => CatalogueSeed.Id(4);

    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        await CandleSeed.MakeRoomAsync(catalogue, cancellationToken);
        var version = await CatalogueSeed.CommitAsync(catalogue, Rows(), cancellationToken);
        await CandleSeed.RollUpAsync(catalogue, cancellationToken);
        return version;
    }

    private static IEnumerable<object> Rows()
    {
        yield return Held(1, "BTC", 1.265e12, BitcoinPrice, "Bitcoin");
        yield return Held(2, "USDT", 1e11, 1.0, "Tether");
        yield return Held(3, "ETH", 3.7e11, 3_120.4, "Ethereum");
        yield return Held(4, "LOCAL", 5e6, 2.5, "Local Coin");
        yield return Listed(11, SourceNames.CoinPaprika, "btc-bitcoin", "BTC", "Bitcoin", 1, BitcoinPrice);
        yield return Listed(12, SourceNames.CoinGecko, "bitcoin", "BTC", "Bitcoin", 1, 64_000);
        yield return Listed(21, SourceNames.CoinPaprika, "usdt-tether", "USDT", "Tether", 2, 1.0);
        yield return Listed(22, SourceNames.CoinGecko, "tether", "USDT", "Tether", 2, 1.001);
        yield return Listed(31, SourceNames.CoinPaprika, "eth-ethereum", "ETH", "Ethereum", 3, 3_120.4);
        yield return Listed(32, SourceNames.CoinGecko, "ethereum", "ETH", "Ethereum", 3, 3_119);
        yield return Listed(41, SourceNames.Csv, "local", "LOCAL", "Local Coin", 4, 2.5);
        yield return Listed(42, SourceNames.CoinGecko, "gone", "GONE", "Gone", 3, 3_119, isActive: false);
        yield return Pictured(12);
        yield return Pictured(22);
        yield return Contract(22, SourceNames.CoinGecko);
        yield return Contract(22, SourceNames.CoinGecko, "arbitrum-one", TetherOnArbitrum);
        yield return Contract(21, SourceNames.CoinPaprika);
        yield return Contract(41, SourceNames.Csv, "base", Tether);
        foreach (var window in Kasparro.Api.Vendors.PastWindow.All)
        {
            yield return Quoted(11, CatalogueSeed.Moment - window.Age - TimeSpan.FromSeconds(1), BitcoinPrice / 2, 6e11);
            yield return Quoted(12, CatalogueSeed.Moment - window.Age - TimeSpan.FromSeconds(1), 32_000, 6e11);
            yield return Quoted(32, CatalogueSeed.Moment - window.Age - TimeSpan.FromSeconds(1), 1_560.2, 1e11);
        }

        yield return Quoted(11, CatalogueSeed.Moment, BitcoinPrice, 1.265e12);
        foreach (var age in Kasparro.Api.Vendors.PastWindow.All.Select(window => window.Age).Prepend(TimeSpan.Zero))
        {
            yield return Rate(age, "usd", "US Dollar", "$", 64_000);
            yield return Rate(age, "eur", "Euro", "€", 32_000);
            yield return Rate(age, "btc", "Bitcoin", "BTC", 1, "crypto");
        }
    }

    private static Asset Held(int number, string symbol, double marketCap, double price, string name)
    {
        var asset = CatalogueSeed.Asset(number, symbol, marketCap, price, name);
        asset.Volume24hUsd = price * 1e5;
        return asset;
    }

    private static Logo Pictured(int listing) => new()
    {
        ListingId = CatalogueSeed.Id(listing),
        Url = "https://coin-images.coingecko.com/coins/images/1/large/bitcoin.png",
        ContentType = "image/png",
        Content = [1, 2, 3],
        FetchedAt = CatalogueSeed.Moment,
    };

    private static AssetPlatform Contract(int listing, string source, string platform = "ethereum", string address = Tether) =>
        new() { ListingId = CatalogueSeed.Id(listing), Platform = platform, Address = address, Source = source };

    private static Listing Listed(
        int number, string source, string id, string symbol, string name, int asset, double price, bool isActive = true) => new()
        {
            ListingId = CatalogueSeed.Id(number),
            Source = source,
            ExternalId = id,
            AssetId = CatalogueSeed.Id(asset),
            Symbol = symbol,
            SymbolKey = symbol,
            Name = name,
            IsActive = isActive,
            Rank = asset,
            PriceUsd = price,
            MarketCapUsd = price * 1e6,
            Volume24hUsd = price * 1e5,
            CirculatingSupply = 19_700_000,
            TotalSupply = 19_700_000,
            MaxSupply = 21_000_000,
            QuotedAt = CatalogueSeed.Moment,
            CreatedAt = CatalogueSeed.Moment.AddYears(-1),
            UpdatedAt = CatalogueSeed.Moment,
        };

    private static Quote Quoted(int listing, DateTimeOffset at, double price, double marketCap) => new()
    {
        ListingId = CatalogueSeed.Id(listing),
        QuotedAt = at,
        PriceUsd = price,
        MarketCapUsd = marketCap,
        Volume24hUsd = 1e9,
        RunId = Guid.Empty,
    };

    private static ExchangeRate Rate(TimeSpan age, string code, string name, string unit, double perBitcoin, string kind = "fiat") => new()
    {
        QuotedAt = CatalogueSeed.Moment - age,
        Currency = code,
        Name = name,
        Unit = unit,
        Kind = kind,
        PerBitcoin = perBitcoin,
    };
}
