using System.IO.Compression;
using System.Net;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

public sealed class ErrorTests(SeededApi seeded) : IClassFixture<SeededApi>
{
    [Theory]
    [InlineData("/data?page=0", "page")]
    [InlineData("/data?page=-1", "page")]
    [InlineData("/data?page=abc", "page")]
    [InlineData("/data?page=1.0", "page")]
    [InlineData("/data?page=2147483648", "page")]
    [InlineData("/data?page=99999999999999999999999", "page")]
    [InlineData("/data?page=%D9%A1", "page")]
    [InlineData("/data?page_size=0", "page_size")]
    [InlineData("/data?page_size=1001", "page_size")]
    [InlineData("/data?source=x", "source")]
    [InlineData("/data?source=CoinMarketCap", "source")]
    [InlineData("/data?symbol=%00", "symbol")]
    [InlineData("/data?page=1%00&page_size=5%00&rank=5%00&min_price=1%00&active=1%00", "active", "min_price", "page", "page_size", "rank")]
    [InlineData("/data?limit=5", "limit")]
    [InlineData("/data?Page=1", "Page")]
    [InlineData("/data?page=1&page=2", "page")]
    [InlineData("/data?page=50001", "page")]
    [InlineData("/data?page=1001&page_size=1000", "page")]
    [InlineData("/data?cursor=AAAA", "cursor")]
    [InlineData("/data?cursor=%C3%A4&page=2", "cursor")]
    [InlineData("/data?min_price=x&max_price=NaN&min_volume=1e999&max_market_cap=1,5", "max_market_cap", "max_price", "min_price",
        "min_volume")]
    [InlineData("/data?min_price=2&max_price=1", "min_price")]
    [InlineData("/data?rank=0", "rank")]
    [InlineData("/data?rank=9-3", "rank")]
    [InlineData("/data?active=maybe&updated_since=yesterday&sort=--rank&fields=symbol,,x", "active", "fields", "sort", "updated_since")]
    [InlineData("/data?q=%00&name=%00", "name", "q")]
    [InlineData("/data?=1", "")]
    [InlineData("/data?page=0&page_size=1001&source=x&limit=5&symbol=%00", "limit", "page", "page_size", "source", "symbol")]
    [InlineData("/stats?x=1", "x")]
    [InlineData("/health?x=1", "x")]
    public async Task Query_is_refused_with_every_field_named(string path, params string[] fields)
    {
        var problem = await GetProblemAsync(HttpMethod.Get, path, HttpStatusCode.BadRequest);

        Assert.Equal(fields, problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
        Assert.All(problem["errors"]!.AsObject(), error => Assert.NotEmpty(error.Value!.AsArray()));
    }

    [Fact]
    public async Task Symbol_is_refused_when_longer_than_any()
    {
        var problem = await GetProblemAsync(HttpMethod.Get, $"/data?symbol={new string('x', 201)}", HttpStatusCode.BadRequest);

        Assert.Equal("symbol", problem["errors"]!.AsObject().Single().Key);
    }

    [Theory]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/data/1", HttpStatusCode.NotFound)]
    [InlineData("GET", "/openapi/v2.json", HttpStatusCode.NotFound)]
    [InlineData("POST", "/data", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/stats", HttpStatusCode.MethodNotAllowed)]
    public async Task Error_is_a_problem_document_whatever_the_client_accepts(string method, string path, HttpStatusCode status)
    {
        var problem = await GetProblemAsync(new HttpMethod(method), path, status);

        Assert.False(problem.ContainsKey("errors"));
    }

    [Theory]
    [InlineData("text/plain", "{\"ids\":[\"bitcoin\"]}", HttpStatusCode.UnsupportedMediaType, "application/json")]
    [InlineData("application/json; charset=nonsense", "{\"ids\":[\"bitcoin\"]}", HttpStatusCode.UnsupportedMediaType, "in UTF-8")]
    [InlineData("application/json", "{", HttpStatusCode.BadRequest, "The body must be a JSON object.")]
    [InlineData("application/json", "", HttpStatusCode.BadRequest, "The body must be a JSON object.")]
    [InlineData("application/json", "{\"ids\":[\"bitcoin\"],\"ids\":[\"ethereum\"]}", HttpStatusCode.BadRequest, "errors names")]
    [InlineData("application/json", "null", HttpStatusCode.BadRequest, "The body must be a JSON object.")]
    public async Task Body_that_cannot_be_read_is_told_what_it_must_be(string contentType, string body, HttpStatusCode status, string told)
    {
        using var content = new StringContent(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        var problem = await GetProblemAsync(HttpMethod.Post, "/resolve", status, content);

        Assert.Contains(told, (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("Application/JSON;Charset=\"UTF-8\"")]
    [InlineData("application/json; charset=utf8; q=1", HttpStatusCode.UnsupportedMediaType)]
    public async Task Body_is_read_when_its_charset_is_in_quotes(string contentType, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var content = new StringContent("{\"ids\":[\"bitcoin\"]}");
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var response = await seeded.Api.Client.PostAsync(
            new Uri("/resolve", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Body_that_is_compressed_is_said_to_be_that()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync("{\"ids\":[\"bitcoin\"]}"u8.ToArray(), Cancellation);
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");

        var problem = await GetProblemAsync(HttpMethod.Post, "/resolve", HttpStatusCode.UnsupportedMediaType, content);

        Assert.Contains("not compressed", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    private async Task<JsonObject> GetProblemAsync(HttpMethod method, string path, HttpStatusCode status, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Headers = { { "Accept", "text/html" } }, Content = content };
        using var response = await seeded.Api.Client.SendAsync(request, Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(response.Headers.Server);
        Assert.False(response.Headers.Contains("X-Powered-By"));
        var problem = JsonNode.Parse(body)!.AsObject();
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Equal(response.Headers.GetValues("X-Request-Id").Single(), (string)problem["request_id"]!);
        Assert.StartsWith("https://", (string)problem["type"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)problem["title"]!);
        return problem;
    }
}
