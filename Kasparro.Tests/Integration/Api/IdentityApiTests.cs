using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;

namespace Kasparro.Tests.Integration.Api;

public sealed class IdentityApiTests(IdentityApi catalogue) : IClassFixture<IdentityApi>
{
    private readonly ApiHarness _api = catalogue.Api;

    private static string Pair => $"/identity/overrides/{CatalogueSeed.Id(2)}/{CatalogueSeed.Id(1)}";

    [Theory]
    [InlineData("", 5)]
    [InlineData("&reason=ambiguous", 3)]
    [InlineData("&reason=nothing_such", 0)]
    public async Task Conflicts_come_page_by_page_without_gap_or_repetition(string filter, int count)
    {
        var whole = await _api.GetAsync($"/identity/conflicts?limit=500{filter}", Cancellation);
        Assert.Null(whole["next_cursor"]);
        var expected = whole["conflicts"]!.AsArray().Select(Describe).ToList();
        Assert.Equal(count, expected.Count);

        var paged = new List<string>();
        for (var cursor = ""; ;)
        {
            var page = await _api.GetAsync($"/identity/conflicts?limit=2{filter}{cursor}", Cancellation);
            paged.AddRange(page["conflicts"]!.AsArray().Select(Describe));
            if (page["next_cursor"] is not { } next)
            {
                break;
            }

            cursor = $"&cursor={next}";
        }

        Assert.Equal(expected, paged);
    }

    [Fact]
    public async Task Conflicts_say_who_why_and_how_likely()
    {
        var page = await _api.GetAsync("/identity/conflicts", Cancellation);

        Assert.Equal("0.96 A-1 A-4 other_contract [\"symbol A\"]", Describe(page["conflicts"]![0]));
        Assert.Equal(CatalogueSeed.Id(1).ToString(), (string)page["conflicts"]![0]!["other"]!["asset_id"]!);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("cursor=abc", "cursor")]
    [InlineData("cursor=P-szMzMzMzNcH2oeUqVfDo8LDIsbnXpVt_HzoGoLWliaV1sLeg88ER", "cursor")] // One bit too many in the last character.
    [InlineData("cursor=P-szMzMzMzNcH2oeUqVfDo8LDIsbnXpVt/HzoGoLWliaV1sLeg88EQ", "cursor")] // Base64, but not base64url.
    [InlineData("reason=A", "reason")]
    [InlineData("reason=a&reason=b", "reason")]
    [InlineData("page=1", "page")]
    public async Task Conflicts_refuse_what_they_do_not_know(string query, string field) => Assert.Equal(
        (HttpStatusCode.BadRequest, field), await _api.GetProblemAsync($"/identity/conflicts?{query}", Cancellation));

    [Fact]
    public async Task Override_is_added_changed_and_taken_back_with_who_and_why()
    {
        var pair = $"/identity/overrides/{CatalogueSeed.Id(6)}/{CatalogueSeed.Id(1)}"; // The other tests see the overrides of another pair.
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, pair)).Status);

        var (added, body) = await SendAsync(HttpMethod.Put, pair, """{"is_same":true,"reason":" One and the same. "}""");
        Assert.Equal(HttpStatusCode.Created, added);
        Assert.Equal(
            (CatalogueSeed.Id(1).ToString(), CatalogueSeed.Id(6).ToString()), ((string)body!["listing_id"]!, (string)body["other_id"]!));
        Assert.Equal((true, "One and the same.", "Operator:Key", false, "operator"),
            ((bool)body["is_same"]!, (string)body["reason"]!, (string)body["changed_by"]!, (bool)body["applied"]!,
                (string)body["origin"]!));

        Assert.Equal(
            HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, pair, """{"is_same":false,"reason":"On second thoughts."}""")).Status);
        var list = (await _api.GetAsync("/identity/overrides", Cancellation))["overrides"]!.AsArray();
        Assert.Equal(["False operator False", "False file True"],
            list.Select(item =>
                $"{item!["is_same"]} {item["origin"]} {item["applied"]}".Replace("false", "False", StringComparison.Ordinal)
                    .Replace("true", "True", StringComparison.Ordinal)));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, pair)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, pair)).Status);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Put, pair, """{"is_same":true,"reason":"Again."}""")).Status);

        await using var database = Npgsql.NpgsqlDataSource.Create(_api.Catalogue);
        Assert.Equal(
            "true One and the same.; false On second thoughts.; - -; true Again.",
            await database.ScalarAsync<string>(
                """
                SELECT string_agg(coalesce(is_same::text, '-') || ' ' || coalesce(reason, '-'), '; ' ORDER BY change_id)
                FROM identity_override_changes WHERE request_id <> '' AND changed_by = 'Operator:Key'
                """, Cancellation));
    }

    [Fact]
    public async Task Override_of_the_file_wins()
    {
        var pair = $"/identity/overrides/{CatalogueSeed.Id(6)}/{CatalogueSeed.Id(5)}";
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Put, pair, """{"is_same":true,"reason":"No."}""")).Status);
        var (status, problem) = await SendAsync(HttpMethod.Delete, pair);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("overrides file", (string)problem!["detail"]!, StringComparison.Ordinal);
        Assert.DoesNotContain("ingestion", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, pair)).Status);
    }

    [Theory]
    [InlineData("""{"is_same":true}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"reason":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"is_same":true,"reason":" "}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"is_same":true,"reason":"x","note":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"is_same":"yes","reason":"x"}""", HttpStatusCode.BadRequest)]
    [InlineData("", HttpStatusCode.BadRequest)]
    public async Task Override_needs_a_verdict_and_a_reason(string body, HttpStatusCode status) =>
        Assert.Equal(status, (await SendAsync(HttpMethod.Put, Pair, body)).Status);

    [Theory]
    [InlineData("00000001-0000-0000-0000-000000000000/00000001-0000-0000-0000-000000000000", HttpStatusCode.BadRequest)]
    [InlineData("00000001-0000-0000-0000-000000000000/x", HttpStatusCode.BadRequest)]
    [InlineData("00000001-0000-0000-0000-000000000000/11111111-0000-0000-0000-000000000000", HttpStatusCode.NotFound)]
    public async Task Override_needs_two_listings_that_exist(string pair, HttpStatusCode status) =>
        Assert.Equal(status, (await SendAsync(HttpMethod.Put, $"/identity/overrides/{pair}", """{"is_same":true,"reason":"x"}""")).Status);

    [Fact]
    public async Task Override_needs_the_operator_key()
    {
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Put, Pair, """{"is_same":true,"reason":"x"}""", key: "wrong")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Delete, Pair, key: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Pair, key: null)).Status);
    }

    private static string Describe(JsonNode? conflict) =>
        $"{conflict!["confidence"]} {conflict["listing"]!["external_id"]} {conflict["other"]!["external_id"]} {conflict["reason"]} "
            + $"{conflict["evidence"]!.ToJsonString()}";

    private async Task<(HttpStatusCode Status, JsonNode? Body)> SendAsync(
        HttpMethod method, string path, string? body = null, string? key = IdentityApi.Key)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
        {
            request.Headers.Add(OperatorKeyExtensions.Header, key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        using var response = await _api.Client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        if (!response.IsSuccessStatusCode)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        }

        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }
}
