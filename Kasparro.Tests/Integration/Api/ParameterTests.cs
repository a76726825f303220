using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

/// <summary>Rules for the parameters of all routes.</summary>
public sealed class ParameterTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Theory]
    [InlineData("/runs?limit=&cursor=&source=&status=")]
    [InlineData("/runs?limit=%20&source=%09")]
    [InlineData("/identity/conflicts?limit=&cursor=&reason=")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history?from=&to=&interval=&source=")]
    [InlineData("/runs?limit=&limit=5")]
    public async Task Blank_parameter_is_one_that_was_not_given(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, path)).Status);

    [Theory]
    [InlineData("/runs?limit=0&cursor=x&source=nobody&status=fine&page=1", "cursor,limit,page,source,status")]
    [InlineData("/runs?limit=+5&limit=6&limits=", "limit,limits")]
    [InlineData("/runs?limit=99999999999999999999", "limit")]
    [InlineData("/runs?limit=%2B5", "limit")]
    [InlineData("/runs?limit=5%00", "limit")]
    [InlineData("/compare-runs", "a,b")]
    [InlineData("/compare-runs?a=&b=x", "a,b")]
    [InlineData("/runs/x?a=1", "a,run_id")]
    [InlineData("/runs/%7B00000001-0000-0000-0000-000000000000%7D", "run_id")]
    [InlineData("/identity/overrides/x/y?z=1", "listing_id,other_id,z")]
    [InlineData("/ingestions/x", "ingestion_id")]
    [InlineData("/backfills?limit=0&source=x", "limit,source")]
    [InlineData("/backfills/x", "backfill_id")]
    [InlineData("/assets/by-contract/ethereum/%20", "address")]
    [InlineData("/stats?page=1", "page")]
    [InlineData("/data-quality?x=", "x")]
    [InlineData("/health?x=1", "x")]
    [InlineData("/events?x=1", "x")]
    public async Task Everything_wrong_is_told_at_once_also_to_HEAD(string path, string expected)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, path);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(expected, string.Join(',', body!["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Head, path)).Status);
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await seeded.Api.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(method != HttpMethod.Head || text.Length == 0);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
