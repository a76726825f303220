using System.Globalization;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>One API before one catalogue whose history has all three levels, that no test changes: of 2024 and 2025 only days are left, of
/// October 2026 hours, and from November on quotes.</summary>
public sealed class HistoryApi(BackingServices services) : IAsyncLifetime
{
    internal ApiHarness Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        Api = await ApiHarness.StartAsync(services, cancellationToken);
        await CandleSeed.MakeRoomAsync(Api.Catalogue, cancellationToken);
        await CatalogueSeed.CommitAsync(Api.Catalogue, Rows(), cancellationToken);
        await CandleSeed.RollUpAsync(Api.Catalogue, cancellationToken);
        await CandleSeed.DropAsync(Api.Catalogue, new DateOnly(2026, 10, 1), new DateOnly(2026, 11, 1), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.DisposeAsync();
        }
    }

    private static IEnumerable<object> Rows()
    {
        yield return CatalogueSeed.Asset(1, "BTC", 1e12, 64_000, "Bitcoin");
        yield return CatalogueSeed.Asset(2, "ETH", 1e11, 3_000, "Ethereum");
        yield return CatalogueSeed.Asset(3, "NEW", 1e6, 1, "New");
        yield return Listing(11, SourceNames.CoinPaprika, "btc-bitcoin", 1);
        yield return Listing(12, SourceNames.CoinGecko, "bitcoin", 1);
        yield return Listing(21, SourceNames.CoinPaprika, "eth-ethereum", 2);
        yield return Listing(31, SourceNames.CoinPaprika, "new-new", 3);
        yield return new AssetRedirect { AssetId = CatalogueSeed.Id(9), MergedInto = CatalogueSeed.Id(1), MergedAt = CatalogueSeed.Moment };

        // Around a year's bounds, which are in one week: only days are left.
        yield return Quote(12, "2024-12-31T23:59:59Z", 100, 1e9, 7);
        yield return Quote(12, "2025-01-01T00:00:00Z", 110);
        yield return Quote(12, "2025-01-01T18:00:00Z", 90, 9e8, 8);

        // The night in which clocks of Europe go back: only hours are left.
        yield return Quote(11, "2026-10-25T00:30:00Z", 10);
        yield return Quote(11, "2026-10-25T01:30:00Z", 12, 5, 3);
        yield return Quote(11, "2026-10-25T23:30:00Z", 11);

        // Two sources, one of which is away on the second day and both on the third.
        yield return Quote(11, "2026-11-16T10:00:00Z", 20, 400, 40);
        yield return Quote(11, "2026-11-16T10:07:00Z", 24, 480, 50);
        yield return Quote(12, "2026-11-16T10:00:00Z", 21);
        yield return Quote(12, "2026-11-17T09:00:00Z", 25);
        yield return Quote(11, "2026-11-19T10:00:00Z", 30);
        yield return Quote(12, "2026-11-19T10:00:00Z", 31);
        yield return Quote(21, "2026-11-16T12:00:00Z", 2);
        yield return Quote(21, "2026-11-19T12:00:00Z", 6);

        foreach (var (time, dollars, euros) in new[] { ("2026-11-16T06:00:00Z", 20.0, 10.0), ("2026-11-17T06:00:00Z", 25, 20) })
        {
            yield return Rate(time, "usd", dollars);
            yield return Rate(time, "eur", euros);
            yield return Rate(time, "btc", 1);
        }
    }

    private static Listing Listing(int number, string source, string id, int asset)
    {
        var listing = CatalogueSeed.Listing(number, source, "X", 1e12, asset, CatalogueSeed.Moment);
        return new()
        {
            ListingId = listing.ListingId,
            Source = source,
            ExternalId = id,
            AssetId = listing.AssetId,
            Symbol = listing.Symbol,
            SymbolKey = listing.SymbolKey,
            Name = listing.Name,
            IsActive = true,
            PriceUsd = listing.PriceUsd,
            MarketCapUsd = listing.MarketCapUsd,
            QuotedAt = listing.QuotedAt,
            CreatedAt = listing.CreatedAt,
            UpdatedAt = listing.UpdatedAt,
        };
    }

    private static Quote Quote(int listing, string time, double price, double? marketCap = null, double? volume = null) => new()
    {
        ListingId = CatalogueSeed.Id(listing),
        QuotedAt = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture),
        PriceUsd = price,
        MarketCapUsd = marketCap,
        Volume24hUsd = volume,
        RunId = Guid.Empty,
    };

    private static ExchangeRate Rate(string time, string currency, double perBitcoin) => new()
    {
        QuotedAt = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture),
        Currency = currency,
        Name = currency,
        Unit = currency,
        Kind = currency == "btc" ? "crypto" : "fiat",
        PerBitcoin = perBitcoin,
    };
}
