using System.Globalization;
using Kasparro.Data.Catalogue;

namespace Kasparro.Tests.Integration.Api;

/// <summary>
/// An API on a catalogue that no test changes and whose history has all three levels: days of 2024 and 2025, hours of October 2026, and
/// quotes since November.
/// </summary>
public sealed class HistoryApi(BackingServices services) : ApiFixture(services)
{
    private static readonly (string Source, string Id) Paprika = (SourceNames.CoinPaprika, "btc-bitcoin");
    private static readonly (string Source, string Id) Gecko = (SourceNames.CoinGecko, "bitcoin");
    private static readonly (string Source, string Id) Ethereum = (SourceNames.CoinPaprika, "eth-ethereum");

    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        await CandleSeed.MakeRoomAsync(catalogue, cancellationToken);
        var version = await CatalogueSeed.CommitAsync(catalogue, Rows(), cancellationToken);
        await CandleSeed.RollUpAsync(catalogue, cancellationToken);
        await CandleSeed.DropAsync(catalogue, new DateOnly(2026, 10, 1), new DateOnly(2026, 11, 1), cancellationToken);
        return version;
    }

    private static IEnumerable<object> Rows()
    {
        yield return CatalogueSeed.Asset(1, "BTC", 1e12, 64_000, "Bitcoin");
        yield return CatalogueSeed.Asset(2, "ETH", 1e11, 3_000, "Ethereum");
        yield return CatalogueSeed.Asset(3, "NEW", 1e6, 1, "New");
        yield return Listing(Paprika, 1);
        yield return Listing(Gecko, 1);
        yield return Listing(Ethereum, 2);
        yield return Listing((SourceNames.CoinPaprika, "new-new"), 3);
        yield return new AssetRedirect { AssetId = CatalogueSeed.Id(9), MergedInto = CatalogueSeed.Id(1), MergedAt = CatalogueSeed.Moment };

        // Around the turn of the year, within one week: only days are left.
        yield return Quote(Gecko, "2024-12-31T23:59:59Z", 100, 1e9, 7);
        yield return Quote(Gecko, "2025-01-01T00:00:00Z", 110);
        yield return Quote(Gecko, "2025-01-01T18:00:00Z", 90, 9e8, 8);

        // The night when European clocks go back: only hours are left.
        yield return Quote(Paprika, "2026-10-25T00:30:00Z", 10);
        yield return Quote(Paprika, "2026-10-25T01:30:00Z", 12, 5, 3);
        yield return Quote(Paprika, "2026-10-25T23:30:00Z", 11);

        // Two sources: one is missing on the second day, both on the third.
        yield return Quote(Paprika, "2026-11-16T10:00:00Z", 20, 400, 40);
        yield return Quote(Paprika, "2026-11-16T10:07:00Z", 24, 480, 50);
        yield return Quote(Gecko, "2026-11-16T10:00:00Z", 21);
        yield return Quote(Gecko, "2026-11-17T09:00:00Z", 25);
        yield return Quote(Paprika, "2026-11-19T10:00:00Z", 30);
        yield return Quote(Gecko, "2026-11-19T10:00:00Z", 31);
        yield return Quote(Ethereum, "2026-11-16T12:00:00Z", 2);
        yield return Quote(Ethereum, "2026-11-19T12:00:00Z", 6);

        foreach (var (time, dollars, euros) in new[] { ("2026-11-16T06:00:00Z", 20.0, 10.0), ("2026-11-17T06:00:00Z", 25, 20) })
        {
            yield return Rate(time, "usd", dollars);
            yield return Rate(time, "eur", euros);
            yield return Rate(time, "btc", 1);
        }
    }

    private static Listing Listing((string Source, string Id) id, int asset)
    {
        var listing = CatalogueSeed.Listing(id.Source, id.Id, CatalogueSeed.Id(asset));
        (listing.PriceUsd, listing.MarketCapUsd, listing.QuotedAt) = (1, 1, CatalogueSeed.Moment);
        return listing;
    }

    private static Quote Quote((string Source, string Id) id, string time, double price, double? marketCap = null, double? volume = null) =>
        new()
        {
            ListingId = StableId.ForListing(id.Source, id.Id),
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
