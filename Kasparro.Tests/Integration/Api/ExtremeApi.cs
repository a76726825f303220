using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on a catalogue with prices at both ends of a double's range.</summary>
public sealed class ExtremeApi(BackingServices services) : ApiFixture(services)
{
    internal const double Huge = 1.7976931348623157e308;
    internal const double Tiny = 1e-300;
    internal const double Smallest = 5e-324;

    internal static readonly IngestionRun[] Runs =
    [
        .. Enumerable.Range(0, 12).Select(number =>
        {
            var run = CatalogueSeed.Run(
                SourceNames.CoinGecko, RunStatus.Completed, CatalogueSeed.Moment.AddMinutes(number), TimeSpan.FromSeconds(30), read: 100);
            (run.FromPage, run.ToPage) = (0, 1);
            (run.Quoted, run.Priced, run.PositivePrices) = (100, 100, 100);

            // The usual level rises from 1e280 to 1e300, so its upper bound exceeds a double; the last run's level is the lowest one
            // possible.
            run.LogPriceSum = 100 * (number == 11 ? -323 : 280 + (2 * number));
            return run;
        }),
    ];

    protected override async Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken)
    {
        await CandleSeed.MakeRoomAsync(catalogue, cancellationToken);
        var version = await CatalogueSeed.CommitAsync(
            catalogue,
            [
                CatalogueSeed.Asset(1, "EDGE", Huge, Huge),
                CatalogueSeed.Asset(2, "NONE", double.NaN, double.PositiveInfinity),
                Listing(11, SourceNames.CoinPaprika, 1, Huge),
                Listing(12, SourceNames.CoinGecko, 1, Tiny),
                Listing(13, SourceNames.CoinPaprika, 2, double.PositiveInfinity),
                Listing(14, SourceNames.CoinGecko, 2, Smallest),

                // Its sum with the first asset's exceeds a double; and one dollar in the currency of the next asset exceeds a double.
                CatalogueSeed.Asset(3, "MORE", Huge, Huge),
                CatalogueSeed.Asset(4, "BTC", Smallest, 1),
                Bitcoin(),
                .. Runs,
                Quote(12, 0, Huge, Runs[10]),
                Quote(12, 1, Smallest, Runs[11]),
                Quote(11, 0, Smallest, Runs[10]),
                Quote(11, 1, Huge, Runs[11]),
                Quote(14, 0, double.NaN, Runs[10]),
                Quote(14, 1, double.PositiveInfinity, Runs[11]),
                .. new[] { ("usd", 1e5), ("tiny", 1e-300), ("huge", 1e300), ("btc", 1.0) }.Select(rate => new ExchangeRate
                {
                    QuotedAt = CatalogueSeed.Moment.AddDays(-1),
                    Currency = rate.Item1,
                    Name = rate.Item1,
                    Unit = rate.Item1,
                    Kind = "fiat",
                    PerBitcoin = rate.Item2,
                }),
            ],
            cancellationToken);
        await CandleSeed.RollUpAsync(catalogue, cancellationToken);
        return version;
    }

    private static Listing Listing(int number, string source, int asset, double price)
    {
        var listing = CatalogueSeed.Listing(number, source, "EDGE", price, asset, CatalogueSeed.Moment);
        listing.PriceUsd = price;
        return listing;
    }

    private static Listing Bitcoin() => new()
    {
        ListingId = CatalogueSeed.Id(15),
        Source = SourceNames.CoinGecko,
        ExternalId = "bitcoin",
        AssetId = CatalogueSeed.Id(4),
        Symbol = "BTC",
        SymbolKey = "BTC",
        Name = "Bitcoin",
        IsActive = true,
        PriceUsd = Smallest,
        CreatedAt = CatalogueSeed.Moment,
        UpdatedAt = CatalogueSeed.Moment,
    };

    private static Quote Quote(int listing, int minute, double price, IngestionRun run) => new()
    {
        ListingId = CatalogueSeed.Id(listing),
        QuotedAt = CatalogueSeed.Moment.AddMinutes(minute),
        PriceUsd = price,
        RunId = run.RunId,
    };
}
