using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

/// <summary>
/// Prices at both ends of a double's range: what is computed from them can exceed it, in PostgreSQL (22003) and in JSON, which has no
/// infinity.
/// </summary>
public sealed class ExtremePriceTests(ExtremeApi extreme) : IClassFixture<ExtremeApi>
{
    private ApiHarness Api => extreme.Api;

    [Fact]
    public async Task Divergence_is_found_and_its_ratio_is_null_when_a_double_cannot_hold_it()
    {
        var quality = await Api.GetAsync("/data-quality", Cancellation);

        var divergence = quality["price_divergence"]!;
        Assert.Equal((1, 1), ((int)divergence["compared"]!, (int)divergence["divergent"]!));
        var furthest = Assert.Single(divergence["furthest"]!.AsArray())!;
        Assert.Equal((ExtremeApi.Tiny, ExtremeApi.Huge), ((double)furthest["lowest_usd"]!, (double)furthest["highest_usd"]!));
        Assert.Null(furthest["ratio"]);
    }

    [Fact]
    public async Task Moves_are_compared_and_their_ratio_is_null_when_a_double_cannot_hold_it()
    {
        var comparison = await Api.GetAsync($"/compare-runs?a={ExtremeApi.Runs[10].RunId}&b={ExtremeApi.Runs[11].RunId}", Cancellation);

        var moved = comparison["moved"]!.AsArray();
        Assert.Equal(
            [(ExtremeApi.Smallest, ExtremeApi.Huge), (ExtremeApi.Huge, ExtremeApi.Smallest)],
            moved.Select(asset => ((double)asset!["price_a"]!, (double)asset["price_b"]!)).Order());
        Assert.All(moved, asset => Assert.Null(asset!["ratio"]));
    }

    [Fact]
    public async Task Bound_of_a_level_beyond_a_double_is_the_largest_double()
    {
        var run = await Api.GetAsync($"/runs/{ExtremeApi.Runs[11].RunId}", Cancellation);

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
        using var response = await Api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{response.StatusCode}: {body}");
        if (response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            Assert.NotNull(JsonNode.Parse(body));
        }
    }
}
