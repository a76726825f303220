using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

/// <summary>History from quotes, hours and days, of several sources, assets and currencies.</summary>
public sealed class HistoryLevelTests(HistoryApi history) : IClassFixture<HistoryApi>
{
    private const string Bitcoin = "/assets/coingecko:bitcoin";

    [Theory]
    [InlineData("from=2024-12-30&to=2025-01-03&interval=1d", "12-31 100-100 1, 01-01 110-90 2", "12-30/12-31, 01-02/01-03")]
    [InlineData("from=2024-12-30&to=2025-01-13&interval=1w", "12-30 100-90 3", "01-06/01-13")]
    [InlineData("from=2024-12-31&to=2025-01-02&interval=1h", "", "12-31/01-02")]
    [InlineData("from=2026-10-25&to=2026-10-26&interval=1d", "10-25 10-11 3", "")]
    [InlineData("from=2026-10-25&to=2026-10-26&interval=4h", "10-25 10-12 2, 10-25T20:00 11-11 1", "10-25T04:00/10-25T20:00")]
    [InlineData("from=2026-10-25&to=2026-10-26&interval=1h", "10-25 10-10 1, 10-25T01:00 12-12 1, 10-25T23:00 11-11 1",
        "10-25T02:00/10-25T23:00")]
    [InlineData("from=2026-10-25&to=2026-10-26&interval=15m", "", "10-25/10-26")]
    [InlineData("from=2026-11-16T10:00Z&to=2026-11-16T10:15Z&interval=5m", "11-16T10:00 20-20 1, 11-16T10:05 24-24 1",
        "11-16T10:10/11-16T10:15")]
    [InlineData("from=2026-11-16T10:00Z&to=2026-11-16T10:15Z&interval=15m", "11-16T10:00 20-24 2", "")]
    public async Task Candles_are_of_the_level_that_their_length_says_and_every_other_interval_is_a_gap(
        string query, string points, string gaps)
    {
        var answer = await history.Api.GetAsync($"{Bitcoin}/history?{query}", Cancellation);

        Assert.Equal(points, string.Join(", ", answer["points"]!.AsArray().Select(point =>
            $"{Short(point!["time"])} {point["open"]}-{point["close"]} {point["quotes"]}")));
        Assert.Equal(gaps, string.Join(", ", answer["gaps"]!.AsArray().Select(gap => $"{Short(gap!["from"])}/{Short(gap["to"])}")));
    }

    [Fact]
    public async Task Candle_has_the_market_capitalisation_and_volume_of_its_last_quote()
    {
        var answer = await history.Api.GetAsync($"{Bitcoin}/history?from=2025-01-01&to=2025-01-02", Cancellation);

        Assert.Equal(
            """{"time":"2025-01-01T00:00:00Z","open":110,"high":110,"low":90,"close":90,"market_cap":900000000,"volume_24h":"""
                + """8,"quotes":2,"source":"coingecko"}""",
            Assert.Single(answer["points"]!.AsArray())!.ToJsonString());
    }

    [Theory]
    [InlineData("", "coinpaprika 24, coingecko 25, coinpaprika 30")]
    [InlineData("&source=coingecko", "coingecko 21, coingecko 25, coingecko 31")]
    [InlineData("&vs_currency=eur", "coinpaprika 12, coingecko 20, coinpaprika 24")]
    [InlineData("&vs_currency=%20EUR%20&source=coingecko", "coingecko 10.5, coingecko 20, coingecko 24.8")]
    [InlineData("&vs_currency=btc", "coinpaprika 1, coingecko 1, coinpaprika 1")]
    public async Task Points_are_of_the_preferred_source_where_it_has_any_and_of_the_next_where_not(string query, string expected)
    {
        var answer = await history.Api.GetAsync($"{Bitcoin}/history?from=2026-11-16&to=2026-11-20{query}", Cancellation);

        Assert.Equal(expected, string.Join(", ", answer["points"]!.AsArray().Select(point => $"{point!["source"]} {point["close"]}")));
        var gap = Assert.Single(answer["gaps"]!.AsArray())!;
        Assert.Equal("11-18/11-19", $"{Short(gap["from"])}/{Short(gap["to"])}");
    }

    [Theory]
    [InlineData("interval=1d", "0.083333333, 0.2")] // 2/24 and 6/30: based on the coin's own price of the day.
    [InlineData("interval=1h", "0.1, 0.24")] // No price of the hour: based on the rate of the day, 20 and 25 dollars.
    public async Task Amounts_in_a_coin_follow_its_own_price_where_that_is_known(string query, string expected)
    {
        var answer = await history.Api.GetAsync($"/assets/coinpaprika:eth-ethereum/history?from=2026-11-16&to=2026-11-20&vs_currency=btc"
            + $"&{query}", Cancellation);

        Assert.Equal(expected, string.Join(", ", answer["points"]!.AsArray().Select(point => Math.Round((double)point!["close"]!, 9))));
    }

    [Fact]
    public async Task Price_of_before_all_rates_is_converted_by_the_oldest()
    {
        var answer = await history.Api.GetAsync($"{Bitcoin}/history?from=2024-12-31&to=2025-01-01&vs_currency=eur", Cancellation);

        Assert.Equal(("eur", 50), ((string?)answer["vs_currency"], (double)answer["points"]![0]!["close"]!));
    }

    [Theory]
    [InlineData("2026-11-16T10:06:59Z", 20, "2026-11-16T10:00:00Z", "coinpaprika", "quotes")]
    [InlineData("2026-11-16T10:07:00Z", 24, "2026-11-16T10:07:00Z", "coinpaprika", "quotes")]
    [InlineData("2026-11-17T10:00:00%2B02:00", 24, "2026-11-16T10:07:00Z", "coinpaprika", "quotes")]
    [InlineData("2026-11-18T08:00:00Z", 24, "2026-11-16T10:07:00Z", "coinpaprika", "quotes")] // The other one is less than a day newer.
    [InlineData("2026-11-17T09:00:00Z&source=coingecko", 25, "2026-11-17T09:00:00Z", "coingecko", "quotes")]
    [InlineData("2026-10-26", 11, "2026-10-25T23:30:00Z", "coinpaprika", "hours")]
    [InlineData("2026-10-25T01:29:59Z", 10, "2026-10-25T00:30:00Z", "coinpaprika", "hours")]
    [InlineData("2026-10-25T01:30:00Z", 12, "2026-10-25T01:30:00Z", "coinpaprika", "hours")]
    [InlineData("2026-10-01", 90, "2025-01-01T18:00:00Z", "coingecko", "days")]
    [InlineData("2025-01-01T12:00:00Z", 110, "2025-01-01T00:00:00Z", "coingecko", "days")]
    [InlineData("2025-01-01T00:00:00Z&vs_currency=eur", 55, "2025-01-01T00:00:00Z", "coingecko", "days")]
    [InlineData("2025-01-01T00:00:00Z&vs_currency=btc", 1, "2025-01-01T00:00:00Z", "coingecko", "days")]
    public async Task Price_at_a_time_is_the_newest_of_before_it_from_the_finest_level_that_has_it(
        string time, double price, string quotedAt, string source, string level)
    {
        var answer = await history.Api.GetAsync($"{Bitcoin}/at?time={time}", Cancellation);

        Assert.Equal(
            (price, quotedAt, source, level),
            ((double)answer["price"]!, (string?)answer["quoted_at"], (string?)answer["source"], (string?)answer["level"]));
    }

    [Theory]
    [InlineData("/assets/coingecko:bitcoin/at?time=2024-12-31T23:00:00Z", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/coinpaprika:new-new/at?time=2026-11-20", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/coingecko:bitcoin/at?time=0001-01-01", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/11111111-1111-1111-1111-111111111111/at?time=2026-11-20", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/coingecko:bitcoin/at", HttpStatusCode.BadRequest, "time")]
    [InlineData("/assets/coingecko:bitcoin/at?time=then&source=x&vs_currency=a-b&at=1", HttpStatusCode.BadRequest,
        "at,source,time,vs_currency")]
    [InlineData("/assets/coingecko:bitcoin/at?time=2026-11-20&source=csv_source", HttpStatusCode.BadRequest, "source")]
    [InlineData("/assets/coingecko:bitcoin/at?time=2026-11-20&vs_currency=xxx", HttpStatusCode.BadRequest, "vs_currency")]
    [InlineData("/assets/coingecko:bitcoin/history?vs_currency=xxx", HttpStatusCode.BadRequest, "vs_currency")]
    [InlineData("/history", HttpStatusCode.BadRequest, "assets")]
    [InlineData("/history?assets=,", HttpStatusCode.BadRequest, "assets")]
    [InlineData("/history?assets=bitcoin,is%20in:1&from=2026-11-20&to=2026-11-10", HttpStatusCode.BadRequest, "assets[1],from")]
    [InlineData("/history?assets=a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p&from=2016-01-01&to=2026-11-01", HttpStatusCode.BadRequest, "assets")]
    [InlineData("/history?assets=bitcoin&interval=2h&source=x&vs_currency=xxx&id=1", HttpStatusCode.BadRequest, "id,interval,source")]
    [InlineData("/export/history?month=2026-13&interval=1w&format=csv&source=x&year=1", HttpStatusCode.BadRequest,
        "format,interval,month,source,year")]
    public async Task Other_questions_are_problems(string path, HttpStatusCode status, string fields) =>
        Assert.Equal((status, fields), await history.Api.GetProblemAsync(path, Cancellation));

    [Fact]
    public async Task Histories_of_several_assets_are_told_by_any_of_their_ids()
    {
        var ids = $"coingecko:bitcoin,%20eth-ethereum&assets={CatalogueSeed.Id(9)},no-such-coin,new-new";
        var answer = await history.Api.GetAsync($"/history?assets={ids}&from=2026-11-16&to=2026-11-18", Cancellation);

        Assert.Equal(
            ["coingecko:bitcoin resolved 24,25", "eth-ethereum resolved 2", $"{CatalogueSeed.Id(9)} resolved 24,25",
                "no-such-coin not_found ", "new-new resolved "],
            answer["histories"]!.AsArray().Select(asset => $"{asset!["id"]} {asset["status"]} "
                + string.Join(',', asset["points"]!.AsArray().Select(point => point!["close"]))));
        Assert.Equal(CatalogueSeed.Id(1), (Guid)answer["histories"]![2]!["asset_id"]!);
        Assert.Equal(
            """[{"from":"2026-11-16T00:00:00Z","to":"2026-11-18T00:00:00Z"}]""", answer["histories"]![4]!["gaps"]!.ToJsonString());
        Assert.Empty(answer["histories"]![3]!["gaps"]!.AsArray());
    }

    [Theory]
    [InlineData("market_chart/range?interval=daily&from=2024-12-31&to=2025-01-03", "12-31 100 1000000000 7, 01-01 110 1100000000 8, "
        + "01-01T18:00 90 900000000 8")]
    [InlineData("market_chart/range?interval=hourly&from=2026-10-25&to=2026-10-25T02:00Z", "10-25T00:30 10  , 10-25T01:30 12 5 3")]
    [InlineData("market_chart/range?interval=5m&from=2026-10-25&to=2026-10-25T01:00Z", "10-25T00:30 10  ")]
    [InlineData("market_chart/range?interval=5m&from=2026-11-16&to=2026-11-18", "11-16T10:00 20 400 40, 11-16T10:07 24 480 50, "
        + "11-17T09:00 25  ")]
    public async Task Vendors_charts_have_what_is_left_of_each_time(string query, string expected)
    {
        var chart = await history.Api.GetAsync($"/api/v3/coins/bitcoin/{query}&vs_currency=usd", Cancellation);

        Assert.Equal(expected, string.Join(", ", chart["prices"]!.AsArray().Select((point, index) =>
            $"{Short(DateTimeOffset.FromUnixTimeMilliseconds((long)(double)point![0]!).ToString("s") + "Z")} {point[1]} "
                + $"{chart["market_caps"]![index]![1]} {chart["total_volumes"]![index]![1]}")));
    }

    [Fact]
    public async Task Price_of_a_merged_asset_leads_on_with_its_parameters()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = history.Api.Client.BaseAddress };
        using var response = await client.GetAsync(
            new Uri($"/assets/{CatalogueSeed.Id(9)}/at?time=2026-11-20", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal($"/assets/{CatalogueSeed.Id(1)}/at?time=2026-11-20", response.Headers.Location!.OriginalString);
    }

    private static string Short(JsonNode? time) => ((string)time!)[5..^4].Replace("T00:00", "", StringComparison.Ordinal);
}
