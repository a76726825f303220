namespace Kasparro.Tests.Integration.Api;

/// <summary>An API on a catalogue that no test changes.</summary>
public sealed class SeededApi(BackingServices services) : ApiFixture(services)
{
    /// <summary>The number of assets; those without a market capitalisation come last, and two of the others tie.</summary>
    public const int Assets = 25;

    protected override Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken) =>
        CatalogueSeed.CommitAsync(
            catalogue,
            [
                CatalogueSeed.Asset(1, "BTC", 1_265_000_000_000, 64_210.55, "Bitcoin", CatalogueSeed.Moment.AddMilliseconds(250)),
                CatalogueSeed.Asset(3, "eth", 3.756e11, 3120.4),
                CatalogueSeed.Asset(2, "TIE", 3.756e11),
                CatalogueSeed.Asset(4, "TINY", 1e29, 5.856E-05, "\"Quoted\" \\ <b>日本</b> 🚀\u0001"),
                CatalogueSeed.Asset(5, "NaN", double.PositiveInfinity, double.NaN),
                CatalogueSeed.Asset(6, "", null, null),
                .. Enumerable.Range(7, Assets - 6)
                    .Select(number => CatalogueSeed.Asset(number, number % 2 == 0 ? "DUP" : $"S{number}", null)),
                CatalogueSeed.Listing(101, SourceNames.CoinGecko, "btc", 1.2e12, 1, CatalogueSeed.Moment.AddMinutes(5)),
                CatalogueSeed.Listing(103, SourceNames.CoinGecko, "wbtc", null, 1),
                CatalogueSeed.Listing(102, SourceNames.CoinGecko, "wbtc", null, 1),
                CatalogueSeed.Listing(104, SourceNames.CoinPaprika, "BTC", 1.265e12, 1),
            ],
            cancellationToken);
}
