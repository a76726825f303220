using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

public sealed class AssetTests(AssetApi catalogue) : IClassFixture<AssetApi>
{
    private readonly ApiHarness _api = catalogue.Api;

    [Fact]
    public async Task Asset_shows_its_listings_and_why_they_are_one()
    {
        var asset = await _api.GetAsync($"/assets/{CatalogueSeed.Id(1)}", Cancellation);

        Assert.Equal(("BTC", 64_000, true), ((string)asset["symbol"]!, (double)asset["price_usd"]!, (bool)asset["is_active"]!));
        var listings = asset["listings"]!.AsArray();
        Assert.Equal(
            ["coingecko/btc-2", "coinpaprika/BTC-1"], listings.Select(listing => $"{listing!["source"]}/{listing["external_id"]}"));
        Assert.Equal("""[{"platform":"ethereum","address":"0xabc"}]""", listings[0]!["contracts"]!.ToJsonString());
        Assert.Null(listings[0]!["market_cap"]);
        Assert.Equal("2026-11-20T13:00:00Z", (string)listings[1]!["updated_at"]!);
        Assert.Equal(
            $$"""[{"listing_id":"{{CatalogueSeed.Id(1)}}","other_id":"{{CatalogueSeed.Id(2)}}","rule":"symbol_name","confidence":"""
                + """0.96,"evidence":["symbol BTC","name bitcoin"],"decided_at":"2026-11-20T12:00:00Z"}]""",
            asset["merges"]!.ToJsonString());
        Assert.Equal([CatalogueSeed.Id(2).ToString()], asset["former_ids"]!.AsArray().Select(id => (string)id!));
    }

    [Fact]
    public async Task Asset_that_became_part_of_another_leads_there()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = _api.Client.BaseAddress };
        using var response = await client.GetAsync(new Uri($"/assets/{CatalogueSeed.Id(2)}", UriKind.Relative), Cancellation);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal(HttpStatusCode.MovedPermanently, response.StatusCode);
        Assert.Equal($"/assets/{CatalogueSeed.Id(1)}", response.Headers.Location!.OriginalString);
        Assert.Equal(CatalogueSeed.Id(1).ToString(), (string)body["merged_into"]!);
        Assert.Equal(CatalogueSeed.Id(2).ToString(), (string)body["asset_id"]!);
        Assert.Equal(
            CatalogueSeed.Id(1).ToString(), (string)(await _api.GetAsync($"/assets/{CatalogueSeed.Id(2)}", Cancellation))["asset_id"]!);
    }

    [Fact]
    public async Task Inactive_asset_is_found_by_its_id_and_left_out_of_the_catalogue()
    {
        var asset = await _api.GetAsync($"/assets/{CatalogueSeed.Id(9)}", Cancellation);
        Assert.False((bool)asset["is_active"]!);

        var all = await _api.GetAsync("/data", Cancellation);
        Assert.Equal((1, 1), ((int)all["total"]!, all["data"]!.AsArray().Count));
        var bySymbol = await _api.GetAsync("/data?symbol=gone", Cancellation);
        Assert.Equal((0, 0), ((int)bySymbol["total"]!, bySymbol["data"]!.AsArray().Count));
        var deep = await _api.GetAsync("/data?page=2001&page_size=1", Cancellation);
        Assert.Empty(deep["data"]!.AsArray());
        var bySource = await _api.GetAsync("/data?source=coinpaprika", Cancellation);
        Assert.Equal((2, 2), ((int)bySource["total"]!, bySource["data"]!.AsArray().Count));
    }

    [Theory]
    [InlineData("/assets/11111111-1111-1111-1111-111111111111", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/btc", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/%7B00000001-0000-0000-0000-000000000000%7D", HttpStatusCode.NotFound, "")]
    [InlineData("/assets/isin:x", HttpStatusCode.BadRequest, "id")]
    [InlineData("/assets/1:0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD", HttpStatusCode.BadRequest, "id")]
    [InlineData("/assets/eip155:1/erc20:0x1", HttpStatusCode.BadRequest, "id")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000?x=1", HttpStatusCode.BadRequest, "x")]
    [InlineData("/assets", HttpStatusCode.NotFound, "")]
    public async Task Other_ids_are_problems(string path, HttpStatusCode status, string field) =>
        Assert.Equal((status, field), await _api.GetProblemAsync(path, Cancellation));
}
