using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

public sealed class HttpTests(BackingServices services, SeededApi seeded) : IClassFixture<SeededApi>
{
    [Fact]
    public async Task Page_is_not_sent_again_while_its_tag_matches_and_is_once_it_changed()
    {
        await using var api = await ApiHarness.StartAsync(services, Cancellation);
        await CommitAsync(api, CatalogueSeed.Asset(1, "A", 3));
        using var first = await SendAsync(api, "/data");
        var tag = first.Headers.ETag!;
        Assert.True(tag.IsWeak);
        Assert.Equal("public, no-cache", first.Headers.CacheControl!.ToString()
            .Replace("no-cache, public", "public, no-cache", StringComparison.Ordinal));

        foreach (var condition in new[] { tag.ToString(), tag.Tag, $"\"x\", {tag}", "*" })
        {
            using var again = await SendAsync(api, "/data", ("If-None-Match", condition));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Equal(tag, again.Headers.ETag);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync(Cancellation));
        }

        // Another asset on another page changes the version, but not this page.
        await CommitAsync(api, CatalogueSeed.Asset(2, "B", 2));
        using var unmoved = await SendAsync(api, "/data?page_size=1&fields=symbol", ("If-None-Match", "\"x\""));
        Assert.Equal(HttpStatusCode.OK, unmoved.StatusCode);
        using var changed = await SendAsync(api, "/data", ("If-None-Match", tag.ToString()));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.NotEqual(tag, changed.Headers.ETag);
    }

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("br;q=0.1, gzip", "gzip")]
    [InlineData("gzip;q=0.5, br;q=0.5", "br")]
    [InlineData("identity, gzip;q=0.5", null)]
    [InlineData("identity;q=0.5, gzip;q=1.0, *;q=0", "gzip")]
    [InlineData("br;q=0", null)]
    [InlineData("deflate", null)]
    public async Task Page_is_compressed_as_the_client_accepts_and_unpacks_to_the_same(string acceptEncoding, string? coding)
    {
        using var plain = await SendAsync(seeded.Api, "/data?page_size=25");
        foreach (var _ in new[] { "cold", "hot" })
        {
            using var packed = await SendAsync(seeded.Api, "/data?page_size=25", ("Accept-Encoding", acceptEncoding));
            Assert.Equal(coding, packed.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.Contains("Accept-Encoding", packed.Headers.Vary);
            Assert.Equal(plain.Headers.ETag, packed.Headers.ETag);
            var body = await packed.Content.ReadAsByteArrayAsync(Cancellation);
            Assert.Equal(packed.Content.Headers.ContentLength, body.Length);
            var unpacked = JsonNode.Parse(Unpack(body, coding))!;
            Assert.Equal(
                JsonNode.Parse(await plain.Content.ReadAsStringAsync(Cancellation))!["data"]!.ToJsonString(),
                    unpacked["data"]!.ToJsonString());
            Assert.Equal(packed.Headers.GetValues("X-Request-Id").Single(), (string)unpacked["request_id"]!);
        }
    }

    [Theory]
    [InlineData("text/html", HttpStatusCode.NotAcceptable)]
    [InlineData("application/json;q=0, */*", HttpStatusCode.NotAcceptable)]
    [InlineData("text/html, */*;q=0.1", HttpStatusCode.OK)]
    [InlineData("application/*", HttpStatusCode.OK)]
    [InlineData("APPLICATION/JSON", HttpStatusCode.OK)]
    public async Task Only_acceptable_media_types_are_sent(string accept, HttpStatusCode status)
    {
        using var response = await SendAsync(seeded.Api, "/data", ("Accept", accept));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(status is HttpStatusCode.OK ? "application/json" : "application/problem+json",
            response.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("/data")]
    [InlineData("/data?page=0")]
    [InlineData("/stats")]
    [InlineData("/runs")]
    [InlineData("/changes?since=0")]
    [InlineData("/assets/00000001-0000-0000-0000-000000000000/history")]
    [InlineData("/api/v3/ping")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/nothing")]
    public async Task Every_answer_forbids_what_no_client_needs(string path)
    {
        using var response = await SendAsync(seeded.Api, path);

        Assert.True(response.Headers.CacheControl is { NoCache: true } or { NoStore: true });
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Scripts_of_the_sites_that_the_setting_names_may_read()
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation,
            "--Api:CorsOrigins=https://one.example, https://two.example");
        foreach (var _ in new[] { "cold", "hot" })
        {
            using var allowed = await SendAsync(api, "/data", ("Origin", "https://two.example"));
            Assert.Equal("https://two.example", allowed.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Contains("Origin", allowed.Headers.Vary);
            using var refused = await SendAsync(api, "/data", ("Origin", "https://three.example"));
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Client_is_told_what_is_left_and_refused_beyond_it_at_all_replicas()
    {
        string[] settings = ["--Api:RateLimit:Requests=5", "--Api:RateLimit:Window=01:00:00",
            "--Api:RateLimit:SharingInterval=00:00:00.05", "--Operator:Key=of-no-other-test-0123456789"];
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, settings);
        await using var other = await api.StartReplicaAsync(Cancellation, settings);
        await api.ForgetRatesAsync();
        for (var left = 4; left >= 0; left--)
        {
            using var response = await SendAsync(api, "/data", ("X-Api-Key", "of-no-other-test-0123456789"));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("\"default\";q=5;w=3600", response.Headers.GetValues("RateLimit-Policy").Single());
            Assert.StartsWith($"\"default\";r={left};t=", response.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        }

        using var refused = await SendAsync(api, "/data", ("X-Api-Key", "of-no-other-test-0123456789"));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 3600);
        Assert.Equal(429, (int)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!["status"]!);
        using var probe = await SendAsync(api, "/alive", ("X-Api-Key", "of-no-other-test-0123456789"));
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
        using var stranger = await SendAsync(api, "/data", ("X-Api-Key", "not one of this service's keys"));
        Assert.Equal(HttpStatusCode.OK, stranger.StatusCode);

        await Eventually.TrueAsync(
            async () =>
            {
                using var elsewhere = await SendAsync(other, "/data", ("X-Api-Key", "of-no-other-test-0123456789"));
                return elsewhere.StatusCode == HttpStatusCode.TooManyRequests;
            },
            Cancellation);
    }

    [Fact]
    public async Task Body_is_refused_when_longer_than_any()
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, "--Operator:Key=of-no-other-test-0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Put, "/identity/overrides")
        {
            Content = new ByteArrayContent(
                new byte[65 * 1024])
            { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { { "X-Api-Key", "of-no-other-test-0123456789" } },
        };
        using var response = await api.Client.SendAsync(request, Cancellation);

        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.ToString());
    }

    private static string Unpack(byte[] body, string? coding)
    {
        using var bytes = new MemoryStream(body);
        using Stream stream = coding switch
        {
            "br" => new BrotliStream(bytes, CompressionMode.Decompress),
            "gzip" => new GZipStream(bytes, CompressionMode.Decompress),
            _ => bytes,
        };
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiHarness api, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await api.Client.SendAsync(request, Cancellation);
    }

    private static async Task CommitAsync(ApiHarness api, params object[] rows) =>
        await api.KnowsAsync(await CatalogueSeed.CommitAsync(api.Catalogue, rows, Cancellation), Cancellation);
}
