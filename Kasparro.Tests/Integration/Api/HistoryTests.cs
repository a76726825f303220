using System.Net;

namespace Kasparro.Tests.Integration.Api;

public sealed class HistoryTests(CandleApi catalogue) : IClassFixture<CandleApi>
{
    private readonly ApiHarness _api = catalogue.Api;

    [Fact]
    public async Task History_is_candles_of_the_best_source_and_leaves_gaps_out()
    {
        var history = await _api.GetAsync(
            $"/assets/{CatalogueSeed.Id(1)}/history?from=2026-11-16T10:20:00Z&to=2026-11-16T14:00:00Z&interval=1h", Cancellation);

        Assert.Equal(("coinpaprika", "1h", "2026-11-16T10:00:00Z"),
            ((string)history["source"]!, (string)history["interval"]!, (string)history["from"]!));
        Assert.Equal(
            """[{"time":"2026-11-16T10:00:00Z","open":10,"high":14,"low":8,"close":14,"market_cap":null,"volume_24h":null,"quotes":"""
                + """3,"source":"coinpaprika"},{"time":"2026-11-16T12:00:00Z","open":11,"high":11,"low":11,"close":"""
                + """11,"market_cap":null,"volume_24h":null,"quotes":1,"source":"coinpaprika"}]""",
            history["points"]!.ToJsonString());
        Assert.Equal(
            """[{"from":"2026-11-16T11:00:00Z","to":"2026-11-16T12:00:00Z"},{"from":"2026-11-16T13:00:00Z","to":"2026-11-16T14:00:00Z"}]""",
            history["gaps"]!.ToJsonString());
    }

    [Fact]
    public async Task Weeks_begin_on_Monday_and_a_source_can_be_asked_for()
    {
        var weeks = await _api.GetAsync($"/assets/{CatalogueSeed.Id(1)}/history?from=2026-11-10&to=2026-11-20&interval=1w", Cancellation);
        Assert.Equal(
            ["2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z"], weeks["points"]!.AsArray().Select(point => (string)point!["time"]!));

        var gecko = await _api.GetAsync(
            $"/assets/{CatalogueSeed.Id(1)}/history?from=2026-11-10&to=2026-11-20&source=coingecko", Cancellation);
        Assert.Equal(99, (double)gecko["points"]![0]!["close"]!);
    }

    [Theory]
    [InlineData("", "30,2")]
    [InlineData("&source=coinpaprika", "2")]
    [InlineData("&source=coingecko", "30,20")]
    public async Task History_of_twins_is_of_the_listing_whose_price_the_asset_shows_where_that_has_quotes(string source, string closes)
    {
        var shown = await _api.GetAsync($"/assets/{CatalogueSeed.Id(20)}", Cancellation);
        var history = await _api.GetAsync($"/assets/{CatalogueSeed.Id(20)}/history?from=2026-11-01&to=2026-11-30{source}", Cancellation);

        Assert.Equal(2, (double)shown["price_usd"]!);
        Assert.Equal(closes, string.Join(',', history["points"]!.AsArray().Select(point => (double)point!["close"]!)));
    }

    [Fact]
    public async Task History_of_a_merged_asset_leads_on_with_its_parameters()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = _api.Client.BaseAddress };
        using var response =
            await client.GetAsync(new Uri($"/assets/{CatalogueSeed.Id(2)}/history?interval=1w", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal($"/assets/{CatalogueSeed.Id(1)}/history?interval=1w", response.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("ethereum/0xD26114CD6EE289accf82350c8d8487fedb8a0c07", "coinpaprika")]
    [InlineData("eth-ethereum/0xd26114cd6ee289accf82350c8d8487fedb8a0c07", "coinpaprika")]
    [InlineData("eip155:1/0xd26114cd6ee289accf82350c8d8487fedb8a0c07", "coinpaprika")]
    [InlineData("1/0xd26114cd6ee289accf82350c8d8487fedb8a0c07", "coinpaprika")]
    [InlineData("osmosis/factory/OsmO1/x", "coingecko")]
    [InlineData("osmosis/factory%2FOsmO1%2Fx", "coingecko")]
    [InlineData("777000/factory/OsmO1/x", "coingecko")]
    [InlineData("eip155:777000/factory/OsmO1/x", "coingecko")]
    public async Task Contract_is_found_by_either_platform_id(string contract, string source)
    {
        var found = await _api.GetAsync($"/assets/by-contract/{contract}", Cancellation);

        Assert.Equal(CatalogueSeed.Id(1).ToString(), (string)found["assets"]!.AsArray().Single()!["asset_id"]!);
        Assert.Equal(source, (string)found["assets"]![0]!["named_by"]!.AsArray().Single()!);
    }

    [Theory]
    [InlineData("/assets/by-contract/osmosis/factory/osmo1/x", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/by-contract/56/0xd26114cd6ee289accf82350c8d8487fedb8a0c07", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/by-contract/01/0xd26114cd6ee289accf82350c8d8487fedb8a0c07", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/by-contract/ethereum", HttpStatusCode.BadRequest, "address")]
    [InlineData("/assets/11111111-1111-1111-1111-111111111111/history", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/is%20in:1/history?from=then&to=now&interval=2h&source=x&limit=1", HttpStatusCode.BadRequest,
        "from,id,interval,limit,source,to")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?source=csv_source", HttpStatusCode.BadRequest, "source")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?from=2000-01-01&interval=5m", HttpStatusCode.BadRequest, "from")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?from=2026-11-20&to=2026-11-10", HttpStatusCode.BadRequest, "from")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?to=0001-01-01", HttpStatusCode.BadRequest, "from")]
    public async Task Other_questions_are_problems(string path, HttpStatusCode status, string fields) =>
        Assert.Equal((status, fields), await _api.GetProblemAsync(path, Cancellation));
}
