using System.Net;
using System.Text;
using Kasparro.Ingestion.Sources.Http;

namespace Kasparro.Tests.Unit.Ingestion.Http;

public sealed class ResponseClassifierTests
{
    private readonly ResponseClassifier _classifier = new("Sources:X");

    [Theory]
    [InlineData(200, "[]", "Accept")]
    [InlineData(200, " \n[{", "Accept")]
    [InlineData(200, "\uFEFF[]", "Accept")]
    [InlineData(200, "", "Retry")]
    [InlineData(204, "", "Retry")]
    [InlineData(200, "   ", "Retry")]
    [InlineData(200, "<html>maintenance</html>", "Retry")]
    [InlineData(200, "<title>Just a moment...</title>", "Wait")]
    [InlineData(403, "<html>blocked</html>", "Wait")]
    [InlineData(429, "<html>slow down</html>", "Wait")]
    [InlineData(503, "<html>cloudflare: host error</html>", "Retry")]
    [InlineData(200, """{"status":{"error_code":429,"error_mess""", "Wait")]
    [InlineData(200, """{"status":{"error_code":"429"}}""", "Wait")]
    [InlineData(200, """{"status":{"error_code":503}}""", "Retry")]
    [InlineData(200, """{"error":"something"}""", "Retry")]
    [InlineData(200, """{"error":"you have reached maximum request limit"}""", "Wait")]
    [InlineData(200, """[{"error":"something"}]""", "Retry")]
    [InlineData(200, """ [ { "error" : "you have exceeded the rate limit" } ]""", "Wait")]
    [InlineData(200, """[{"status":{"error_code":429,"error_message":"slow""", "Wait")]
    [InlineData(200, """[{"error_code":10011}]""", "Fail")]
    [InlineData(200, """[{"id":"error","name":"error"}]""", "Accept")]
    [InlineData(200, """[{"status":"active","id":"a"}]""", "Accept")]
    [InlineData(200, """{"error_code":10010,"status":{}}""", "Fail")]
    [InlineData(500, """{"error_code":10011}""", "Fail")]
    [InlineData(400, """{"status":{"error_code":10005}}""", "Fail")]
    [InlineData(402, "", "Wait")]
    [InlineData(429, "", "Wait")]
    [InlineData(408, "", "Retry")]
    [InlineData(500, "", "Retry")]
    [InlineData(502, "bad gateway", "Retry")]
    [InlineData(524, "error code: 524", "Retry")]
    [InlineData(401, "", "Fail")]
    [InlineData(403, """{"error":"forbidden"}""", "Fail")]
    [InlineData(403, "error code: 1015", "Wait")]
    [InlineData(403, "error code: 1006", "Fail")]
    [InlineData(302, "", "Fail")]
    [InlineData(304, "", "Retry")]
    [InlineData(418, "teapot", "Fail")]
    [InlineData(404, "<html>nginx</html>", "Fail")]
    [InlineData(451, """{"error":"not in your country"}""", "Fail")]
    [InlineData(404, """{"error":"coin not found"}""", "Refuse")]
    [InlineData(400, """{"error":"invalid interval"}""", "Refuse")]
    [InlineData(410, """{"error":"delisted"}""", "Refuse")]
    [InlineData(422, """{"error":"no such currency"}""", "Refuse")]
    [InlineData(401, """{"error":{"status":{"error_code":10012}}}""", "NotInPlan")]
    [InlineData(402, """{"error":"getting historical data before 2025-11-30 is not allowed in this plan"}""", "NotInPlan")]
    public void Classify_judges_status_and_body_together(int status, string body, string expected) =>
        Assert.Equal(
            expected, _classifier.Classify((HttpStatusCode)status, ResponsePrefix.From(Encoding.UTF8.GetBytes(body))).Kind.ToString());

    [Theory]
    [InlineData(400, """{"error_code":10011}""", "Sources:X:ApiKey")]
    [InlineData(401, "", "Sources:X:ApiKey")]
    [InlineData(404, "404 page not found", "Sources:X:BaseUrl")]
    [InlineData(402, """{"error":"not allowed in this plan"}""", "plan")]
    public void Classify_advises_where_somebody_must_change_something(int status, string body, string advice) =>
        Assert.Contains(
            advice,
            _classifier.Classify((HttpStatusCode)status, ResponsePrefix.From(Encoding.UTF8.GetBytes(body))).Advice,
            StringComparison.Ordinal);

    [Fact]
    public void Classify_says_where_a_redirect_leads() =>
        Assert.Contains(
            "https://elsewhere.example/v2/",
            _classifier.Classify(HttpStatusCode.Found, ResponsePrefix.From([]), location: new Uri("https://elsewhere.example/v2/")).Advice,
            StringComparison.Ordinal);
}
