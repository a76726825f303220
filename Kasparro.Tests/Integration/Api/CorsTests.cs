using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

/// <summary>Scripts of other sites: what they may read, they can read in every case, including errors.</summary>
public sealed class CorsTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    private const string Origin = "https://app.example";

    [Theory]
    [InlineData("GET", "/data", HttpStatusCode.OK)]
    [InlineData("GET", "/data?page=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "/stats", HttpStatusCode.OK)]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("POST", "/stats", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/ingestions", HttpStatusCode.Forbidden)]
    [InlineData("HEAD", "/export", HttpStatusCode.OK)]
    [InlineData("GET", "/changes?since=1.1", HttpStatusCode.Gone)]
    [InlineData("GET", "/health", HttpStatusCode.OK)]
    public async Task Every_response_lets_scripts_read_it_and_the_headers_of_the_protocol(string method, string path, HttpStatusCode status)
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, $"--Api:CorsOrigins=https://other.example,{Origin}");
        using var response = await SendAsync(api, method, path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(Origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("Origin", response.Headers.Vary);
        var exposed = response.Headers.GetValues("Access-Control-Expose-Headers")
            .SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Superset(DescribedHeaders(), exposed);
    }

    [Fact]
    public async Task Refusal_beyond_the_limit_can_be_read_and_preflights_are_not_counted()
    {
        await using var api = await seeded.Api.StartReplicaAsync(
            Cancellation, $"--Api:CorsOrigins={Origin}", "--Api:RateLimit:Requests=1", "--Api:RateLimit:Window=01:00:00",
                "--Api:RateLimit:SharingInterval=00:01:00");
        for (var count = 0; count < 3; count++)
        {
            using var preflight = await SendAsync(api, "OPTIONS", "/data", ("Access-Control-Request-Method", "GET"),
                ("Access-Control-Request-Headers", "x-request-id"));
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(Origin, preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }

        using var first = await SendAsync(api, "GET", "/data");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        foreach (var path in new[] { "/data", "/stats", "/nothing" })
        {
            using var refused = await SendAsync(api, "GET", path);
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal(Origin, refused.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        }

        using var after = await SendAsync(api, "OPTIONS", "/data", ("Access-Control-Request-Method", "GET"));
        Assert.Equal(HttpStatusCode.NoContent, after.StatusCode);
    }

    [Fact]
    public async Task Unavailability_can_be_read()
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, $"--Api:CorsOrigins={Origin}",
            "--Api:DatabaseTimeout=00:00:00.5");
        await api.Database.CutAsync();
        foreach (var path in new[] { "/data?symbol=unseen", "/stats", "/health", "/export" })
        {
            using var response = await SendAsync(api, "GET", path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(Origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        }
    }

    [Theory]
    [InlineData("/api/v3/coins/no-such-coin", HttpStatusCode.NotFound)]
    [InlineData("/api/v3/coins/markets", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/compat/coinpaprika/v1/tickers?quotes=XXX", HttpStatusCode.BadRequest)]
    [InlineData("/compat/coinpaprika/v1/coins/no-such-coin", HttpStatusCode.NotFound)]
    public async Task Errors_of_the_vendors_routes_can_be_read(string path, HttpStatusCode status)
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, $"--Api:CorsOrigins={Origin}");
        using var response = await SendAsync(api, "GET", path);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(Origin, response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Theory]
    [InlineData("/resolve", "POST", "GET,HEAD,POST")]
    [InlineData("/resolve", "GET", "GET,HEAD,POST")]
    [InlineData("/resolve/", "POST", "GET,HEAD,POST")]
    [InlineData("/ingestions", "POST", "GET,HEAD")]
    [InlineData("/data", "POST", "GET,HEAD")]
    public async Task Scripts_may_read_by_POST_what_is_read_by_POST_and_nothing_else(string path, string method, string allowed)
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, $"--Api:CorsOrigins={Origin}");
        using var preflight = await SendAsync(
            api, "OPTIONS", path, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "content-type"));

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(allowed, string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Methods")));
    }

    [Theory]
    [InlineData(Origin, null, "Origin")]
    [InlineData($"https://other.example,{Origin}", null, "Origin")]
    [InlineData("*", "*", null)]
    public async Task What_a_browser_keeps_of_a_request_without_an_origin_serves_scripts_too(
        string setting, string? allowed, string? varies)
    {
        await using var api = await seeded.Api.StartReplicaAsync(Cancellation, $"--Api:CorsOrigins={setting}");
        foreach (var path in new[] { "/data", "/stats", "/nothing", "/api/v3/coins/list" })
        {
            using var response = await api.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

            Assert.Equal(allowed, response.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) ? values.Single() : null);
            Assert.Equal(varies, response.Headers.Vary.SingleOrDefault(header => header == "Origin"));
        }
    }

    /// <summary>Gets every header that the OpenAPI document names, except those that scripts can always read.</summary>
    private static HashSet<string> DescribedHeaders()
    {
        var names = new HashSet<string>(["X-Catalogue-Version"], StringComparer.OrdinalIgnoreCase);
        Collect(JsonNode.Parse(RepositoryFiles.Text("docs/openapi.json")));
        names.ExceptWith(["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified"]);
        Assert.InRange(names.Count, 8, 40);
        return names;

        void Collect(JsonNode? node)
        {
            foreach (var (name, child) in node as JsonObject ?? [])
            {
                names.UnionWith(name == "headers" && child is JsonObject headers ? headers.Select(header => header.Key) : []);
                Collect(child);
            }

            foreach (var child in node as JsonArray ?? [])
            {
                Collect(child);
            }
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiHarness api, string method, string path,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", Origin } } };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await api.Client.SendAsync(request, Cancellation);
    }
}
