using System.Net;
using System.Text.Json.Nodes;
using Kasparro.Data.Catalogue;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Api;

/// <summary>
/// Prices at both ends of a double's range: what is computed of them can leave it, in PostgreSQL (22003) and in JSON, which has no
/// infinity.
/// </summary>
public sealed class ExtremePriceTests(BackingServices services) : IAsyncLifetime
{
    private const double Huge = 1.7976931348623157e308;
    private const double Tiny = 1e-300;
    private const double Smallest = 5e-324;

    private static readonly IngestionRun[] Runs =
    [
        .. Enumerable.Range(0, 12).Select(number =>
        {
            var run = CatalogueSeed.Run(
                SourceNames.CoinGecko, RunStatus.Completed, CatalogueSeed.Moment.AddMinutes(number), TimeSpan.FromSeconds(30), read: 100);
            (run.FromPage, run.ToPage) = (0, 1);
            (run.Quoted, run.Priced, run.PositivePrices) = (100, 100, 100);

            // The usual level moves from 1e280 to 1e300, so its upper bound is beyond a double; the last run's level is the lowest there
            // is.
            run.LogPriceSum = 100 * (number == 11 ? -323 : 280 + (2 * number));
            return run;
        }),
    ];

    private ApiHarness _api = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await ApiHarness.StartAsync(services, Cancellation);
        await CandleSeed.MakeRoomAsync(_api.Catalogue, Cancellation);
        await CatalogueSeed.CommitAsync(
            _api.Catalogue,
            [
                CatalogueSeed.Asset(1, "EDGE", Huge, Huge),
                CatalogueSeed.Asset(2, "NONE", double.NaN, double.PositiveInfinity),
                Listing(11, SourceNames.CoinPaprika, 1, Huge),
                Listing(12, SourceNames.CoinGecko, 1, Tiny),
                Listing(13, SourceNames.CoinPaprika, 2, double.PositiveInfinity),
                Listing(14, SourceNames.CoinGecko, 2, Smallest),

                // Its sum with the first one's no double holds; and a currency of which a dollar is more than a double holds.
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
            Cancellation);
        await CandleSeed.RollUpAsync(_api.Catalogue, Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_api is not null)
        {
            await _api.DisposeAsync();
        }
    }

    [Fact]
    public async Task Divergence_is_found_and_its_ratio_is_null_when_a_double_cannot_hold_it()
    {
        var quality = await _api.GetAsync("/data-quality", Cancellation);

        var divergence = quality["price_divergence"]!;
        Assert.Equal((1, 1), ((int)divergence["compared"]!, (int)divergence["divergent"]!));
        var furthest = Assert.Single(divergence["furthest"]!.AsArray())!;
        Assert.Equal((Tiny, Huge), ((double)furthest["lowest_usd"]!, (double)furthest["highest_usd"]!));
        Assert.Null(furthest["ratio"]);
    }

    [Fact]
    public async Task Moves_are_compared_and_their_ratio_is_null_when_a_double_cannot_hold_it()
    {
        var comparison = await _api.GetAsync($"/compare-runs?a={Runs[10].RunId}&b={Runs[11].RunId}", Cancellation);

        var moved = comparison["moved"]!.AsArray();
        Assert.Equal(
            [(Smallest, Huge), (Huge, Smallest)], moved.Select(asset => ((double)asset!["price_a"]!, (double)asset["price_b"]!)).Order());
        Assert.All(moved, asset => Assert.Null(asset!["ratio"]));
    }

    [Fact]
    public async Task Bound_of_a_level_beyond_a_double_is_the_largest_double()
    {
        var run = await _api.GetAsync($"/runs/{Runs[11].RunId}", Cancellation);

        var anomaly = Assert.Single(run["run"]!["assessment"]!["anomalies"]!.AsArray())!;
        Assert.Equal("price_level_usd", (string)anomaly["measure"]!);
        Assert.Equal(double.MaxValue, (double)anomaly["expected_to"]!);
    }

    [Theory]
    [InlineData("/data?fields=symbol,price_usd,market_cap,volume_24h&sort=-price_usd")]
    [InlineData("/data?source=coingecko&min_price=0&max_price=1.7976931348623157e308")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000")]
    [InlineData("/assets/00000002-0000-0000-0000-000000000000")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?from=2026-11-01&to=2026-11-30")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?from=2026-11-01&to=2026-11-30&source=coingecko&interval=1w")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?from=2026-11-20&to=2026-11-21&interval=5m&vs_currency=tiny")]
    [InlineData("/history?assets=00000001-0000-0000-0000-000000000000,00000002-0000-0000-0000-000000000000&vs_currency=huge")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/at?time=2026-11-20T12:00:30Z&vs_currency=tiny")]
    [InlineData("/export/history?interval=1h")]
    [InlineData("/export/history?format=arrow&month=2026-11")]
    [InlineData("/data?vs_currency=huge")]
    [InlineData("/data?vs_currency=tiny&min_price=1")]
    [InlineData("/data?vs_currency=btc")]
    [InlineData("/api/v3/global")]
    [InlineData("/api/v3/coins/markets?vs_currency=huge&sparkline=true&price_change_percentage=1h,24h,7d")]
    [InlineData("/api/v3/coins/markets?vs_currency=usd")]
    [InlineData("/api/v3/simple/price?ids=EDGE-12,bitcoin&vs_currencies=usd,tiny,huge&include_market_cap=true&include_24hr_vol=true")]
    [InlineData("/api/v3/coins/EDGE-12")]
    [InlineData("/api/v3/coins/EDGE-12/market_chart/range?vs_currency=huge&from=1793491200&to=1795996800")]
    [InlineData("/api/v3/coins/EDGE-12/market_chart/range?vs_currency=tiny&from=1793491200&to=1795996800")]
    [InlineData("/api/v3/coins/EDGE-12/ohlc?vs_currency=huge&days=365")]
    [InlineData("/api/v3/exchange_rates")]
    [InlineData("/compat/coinpaprika/v1/global")]
    [InlineData("/compat/coinpaprika/v1/tickers?quotes=USD")]
    [InlineData("/compat/coinpaprika/v1/tickers/EDGE-11?quotes=USD")]
    [InlineData("/compat/coinpaprika/v1/coins/EDGE-11/ohlcv/historical?start=2026-11-01&end=2026-11-29")]
    [InlineData("/compat/coinpaprika/v1/tickers/EDGE-11/historical?start=2026-11-01&interval=1d")]
    [InlineData("/changes?since=0")]
    [InlineData("/export?format=csv")]
    [InlineData("/export?format=ndjson")]
    [InlineData("/export?format=parquet")]
    [InlineData("/stats")]
    [InlineData("/runs")]
    public async Task No_route_fails_for_them(string path)
    {
        using var response = await _api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {body}");
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            Assert.NotNull(JsonNode.Parse(body));
        }
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
