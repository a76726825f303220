using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kasparro.Tests.Integration.Api;

public sealed partial class DataTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Fact]
    public async Task Answer_is_exactly_the_documented_shape()
    {
        using var response = await seeded.Api.Client.GetAsync(new Uri("/data?symbol=btc", UriKind.Relative),
            Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        var head = Head().Match(body);
        Assert.True(head.Success, body);
        Assert.Equal(head.Groups["id"].Value, response.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """
            "data":[{"symbol":"BTC","name":"Bitcoin","price_usd":64210.55,"market_cap":1265000000000,"source":"coinpaprika",
            "asset_id":"00000001-0000-0000-0000-000000000000","updated_at":"2026-11-20T12:00:00.25Z"}],
            "total":1,"page":1,"page_size":20,"total_relation":"eq","next":null,"prev":null}
            """.ReplaceLineEndings(""),
            body[head.Length..]);
    }

    [Fact]
    public async Task Order_is_market_cap_then_id_with_nulls_last()
    {
        var page = await seeded.Api.GetAsync("/data?page_size=1000", Cancellation);

        Assert.Equal(
            [5, 4, 1, 2, 3, .. Enumerable.Range(6, SeededApi.Assets - 5)],
            Ids(page));
        Assert.Null(page["data"]!.AsArray()[^1]!["market_cap"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    public async Task Pages_join_to_the_whole_whatever_their_size(int pageSize)
    {
        var whole = await seeded.Api.GetAsync("/data?page_size=1000", Cancellation);
        List<int> joined = [];
        for (var number = 1; ; number++)
        {
            var page = await seeded.Api.GetAsync($"/data?page={number}&page_size={pageSize}", Cancellation);
            Assert.Equal((SeededApi.Assets, number, pageSize), ((int)page["total"]!, (int)page["page"]!, (int)page["page_size"]!));
            if (page["data"]!.AsArray().Count == 0)
            {
                break;
            }

            joined.AddRange(Ids(page));
        }

        Assert.Equal(Ids(whole), joined);
    }

    [Theory]
    [InlineData("/data?page=1000&page_size=1000")]
    [InlineData("/data?page=3&page_size=1000")]
    [InlineData("/data?source=coingecko&page=1000&page_size=1000")]
    [InlineData("/data?symbol=dup&page=1000&page_size=1000")]
    public async Task Page_past_the_end_is_empty(string path)
    {
        var page = await seeded.Api.GetAsync(path, Cancellation);

        Assert.Empty(page["data"]!.AsArray());
        Assert.True((int)page["total"]! > 0);
    }

    [Fact]
    public async Task Values_that_JSON_lacks_are_null_and_others_survive_the_way()
    {
        var rows = (await seeded.Api.GetAsync("/data?page_size=2", Cancellation))["data"]!;

        Assert.Null(rows[0]!["price_usd"]);
        Assert.Null(rows[0]!["market_cap"]);
        Assert.Equal("5.856E-05", rows[1]!["price_usd"]!.ToJsonString());
        Assert.Equal("1E+29", rows[1]!["market_cap"]!.ToJsonString());
        Assert.Equal("\"Quoted\" \\ <b>日本</b> 🚀\u0001", (string)rows[1]!["name"]!);
    }

    [Fact]
    public async Task Source_shows_its_own_values_and_times()
    {
        var page = await seeded.Api.GetAsync("/data?source=coingecko", Cancellation);

        Assert.Equal(3, (int)page["total"]!);
        Assert.Equal(["btc", "wbtc", "wbtc"], page["data"]!.AsArray().Select(row => (string)row!["symbol"]!));
        Assert.Equal(["2026-11-20T12:05:00Z", "2026-11-20T13:00:00Z", "2026-11-20T13:00:00Z"], page["data"]!.AsArray()
            .Select(row => (string)row!["updated_at"]!));
        Assert.All(page["data"]!.AsArray(), row => Assert.Equal("coingecko", (string)row!["source"]!));
    }

    [Theory]
    [InlineData("symbol=ETH", 1)]
    [InlineData("symbol=eTh", 1)]
    [InlineData("symbol=et", 0)]
    [InlineData("symbol=et%25", 0)]
    [InlineData("symbol=dup", 9)]
    [InlineData("symbol=BTC&source=coinpaprika", 1)]
    [InlineData("symbol=wbtc&source=coingecko", 2)]
    [InlineData("symbol=wbtc&source=csv_source", 0)]
    [InlineData("source=csv_source", 0)]
    [InlineData("symbol=&source=", SeededApi.Assets)]
    [InlineData("", SeededApi.Assets)]
    public async Task Filter_matches_whole_symbols_in_any_case(string query, int total)
    {
        var page = await seeded.Api.GetAsync($"/data?page_size=1000&{query}", Cancellation);

        Assert.Equal(total, (int)page["total"]!);
        Assert.Equal(total, page["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Request_id_is_the_clients_own_where_it_is_a_uuid()
    {
        const string own = "0D9A4C56-3C8E-4A57-9D0E-6F6C9F6F2B1A";
        using var request = new HttpRequestMessage(HttpMethod.Get, "/data") { Headers = { { "X-Request-Id", own } } };
        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal(own.ToLowerInvariant(), response.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal(own.ToLowerInvariant(), (string)body["request_id"]!);
    }

    [Fact]
    public async Task Request_id_is_a_new_uuid_where_the_clients_is_none()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/data") { Headers = { { "X-Request-Id", "'; DROP TABLE assets" } } };
        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);

        Assert.True(Guid.TryParseExact(response.Headers.GetValues("X-Request-Id").Single(), "D", out _));
    }

    [Theory]
    [InlineData("/data")]
    [InlineData("/data?source=coingecko")]
    [InlineData("/stats")]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Head_answers_like_get_without_a_body(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);

        Assert.True(response.IsSuccessStatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private static IEnumerable<int> Ids(JsonObject page) =>
        page["data"]!.AsArray()
            .Select(row => int.Parse(((string)row!["asset_id"]!)[..8], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    [GeneratedRegex("""^\{"request_id":"(?<id>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})","api_latency_ms":\d+\.\d{3},""",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Head();
}
