using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Kasparro.Tests.Integration.Api;

/// <summary><c>/backfills</c>: what operators order, and its progress.</summary>
public sealed class BackfillApiTests(BackfillApi catalogue) : IClassFixture<BackfillApi>
{
    private readonly ApiHarness _api = catalogue.Api;

    [Theory]
    [InlineData("{}", "assets")]
    [InlineData("""{"assets":[]}""", "assets")]
    [InlineData("""{"assets":["BTC-1","nothing-of-the-kind","a:","eip155:1:2:3"],"top":5}""", "assets[1],assets[2],assets[3],top")]
    [InlineData("""{"source":"csv_source","top":0,"from":"2026-13-01","to":"soon"}""", "from,source,to,top")]
    [InlineData("""{"top":100001,"from":"2027-01-01","to":"2026-01-01"}""", "from,top")]
    [InlineData("""{"top":1,"from":"2008-01-01","to":"2999-01-01"}""", "from,to")]
    [InlineData("""{"top":"many"}""", "top")]
    [InlineData("""{"top":1,"until":"2026-01-01"}""", "until")]
    [InlineData("""{"assets":[7]}""", "assets[0]")]
    public async Task Everything_wrong_with_an_order_is_told_at_once(string body, string names)
    {
        using var refused = await SendAsync(HttpMethod.Post, "/backfills", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var problem = JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(names, string.Join(',', problem["errors"]!.AsObject().Select(error => error.Key).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{")]
    public async Task A_body_that_is_no_order_is_refused(string body)
    {
        using var refused = await SendAsync(HttpMethod.Post, "/backfills", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task An_order_is_shown_with_its_progress_until_it_is_cancelled()
    {
        using var anonymous = await _api.Client.PostAsJsonAsync(new Uri("/backfills", UriKind.Relative), new { top = 1 }, Cancellation);

        using var ordered = await SendAsync(
            HttpMethod.Post, "/backfills",
            """{"assets":["coinpaprika:BTC-1","BTC-1"],"from":"2026-01-01","to":"2026-03-01T12:00:00+02:00"}""");
        var location = ordered.Headers.Location!.ToString();
        var waiting = await _api.GetAsync(location, Cancellation);
        var id = (Guid)waiting["backfill_id"]!;
        await CatalogueSeed.ExecuteAsync(
            _api.Catalogue,
            $"""
            UPDATE backfills SET planned_at = '2026-11-20Z' WHERE backfill_id = '{id}';
            INSERT INTO backfill_windows (backfill_id, position, listing_id, source, external_id, starts_at, ends_at,
                                          closed_at, points, written, error)
            SELECT '{id}', n, gen_random_uuid(), 'coingecko', 'coin-' || n, '2026-01-01Z', '2026-02-01Z',
                   CASE WHEN n < 3 THEN '2026-11-20Z'::timestamptz + n * interval '6 s' END, 10, 4,
                   CASE WHEN n = 1 THEN 'coin not found' END
            FROM generate_series(0, 5) AS n;
            INSERT INTO ingestion_runs (run_id, ingestion_id, source, trigger, upstreams, status, fencing_token, started_at,
                                        pages, records_read, inserted, updated, unchanged, duplicates, rejected)
            VALUES (gen_random_uuid(), '{id}', 'coingecko', 'backfill', 'live', 'running', 1, now(), 0, 0, 0, 0, 0, 0, 0)
            """,
            Cancellation);
        var running = await _api.GetAsync(location, Cancellation);
        var run = (await _api.GetAsync("/runs", Cancellation))["runs"]![0]!;
        using var ingestion = await SendAsync(HttpMethod.Post, "/ingestions", "");
        using var cancelled = await SendAsync(HttpMethod.Delete, location, "");
        using var again = await SendAsync(HttpMethod.Delete, location, "");
        using var unknown = await SendAsync(HttpMethod.Delete, $"/backfills/{Guid.Empty}", "");

        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, ordered.StatusCode);
        Assert.Equal(
            ("waiting", 1, "2026-01-01T00:00:00Z", "2026-03-01T10:00:00Z"),
            ((string)waiting["status"]!, (int)waiting["assets"]!, (string)waiting["from"]!, (string)waiting["to"]!));
        Assert.Null(waiting["progress"]);
        Assert.Equal("running", (string)running["status"]!);
        Assert.Equal(
            """{"windows":6,"done":3,"failed":1,"points":60,"written":24,"dropped":0,"time_left_ms":18000}""",
            running["progress"]!.ToJsonString());
        Assert.Equal(running["progress"]!.ToJsonString(), run["backfill"]!.ToJsonString());
        Assert.Equal("coin-1: coin not found", string.Join(
            ", ", running["failures"]!.AsArray().Select(failure => $"{failure!["external_id"]}: {failure["error"]}")));
        Assert.Equal(HttpStatusCode.Accepted, ingestion.StatusCode); // A running backfill yields.
        Assert.Equal(
            (HttpStatusCode.NoContent, HttpStatusCode.Conflict, HttpStatusCode.NotFound),
            (cancelled.StatusCode, again.StatusCode, unknown.StatusCode));
        Assert.Equal("cancelled", (string)(await FindAsync(id))["status"]!);
    }

    [Fact]
    public async Task The_first_of_many_failures_are_shown_by_source_and_id()
    {
        using var ordered = await SendAsync(HttpMethod.Post, "/backfills", """{"source":"coingecko"}""");
        var location = ordered.Headers.Location!.ToString();
        await CatalogueSeed.ExecuteAsync(
            _api.Catalogue,
            $"""
            INSERT INTO backfill_windows (backfill_id, position, listing_id, source, external_id, starts_at, ends_at, closed_at, error)
            SELECT '{location.Split('/')[^1]}', n, gen_random_uuid(), CASE WHEN n = 30 THEN 'coinpaprika' ELSE 'coingecko' END,
                   'coin-' || 40 - n / 2, '2026-01-01Z', '2026-02-01Z', '2026-11-20Z', 'error ' || n
            FROM generate_series(0, 60) AS n
            """,
            Cancellation);

        var one = (await _api.GetAsync(location, Cancellation))["failures"]!;
        var listed = (await FindAsync(Guid.Parse(location.Split('/')[^1])))["failures"]!;

        Assert.Equal(
            Enumerable.Range(10, 20).Select(n => $"coingecko coin-{n}"),
            one.AsArray().Select(failure => $"{failure!["source"]} {failure["external_id"]}"));
        Assert.Equal(one.ToJsonString(), listed.ToJsonString());
    }

    /// <summary>Finds a backfill in the list of all.</summary>
    private async Task<JsonNode> FindAsync(Guid id) => Assert.Single(
        (await _api.GetAsync("/backfills", Cancellation))["backfills"]!.AsArray(), backfill => (Guid)backfill!["backfill_id"]! == id)!;

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string body)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Api-Key", BackfillApi.Key);
        return await _api.Client.SendAsync(request, Cancellation);
    }
}

/// <summary>An API, with an operator key, on an asset that can be ordered by its id at CoinPaprika.</summary>
public sealed class BackfillApi(BackingServices services) : ApiFixture(services)
{
    public const string Key = "operator-key-of-a-test-0123456789";

    protected override string[] Settings => [$"--Operator:Key={Key}"];

    protected override Task<long> SeedAsync(string catalogue, CancellationToken cancellationToken) => CatalogueSeed.CommitAsync(
        catalogue,
        [CatalogueSeed.Asset(1, "BTC", 10), CatalogueSeed.Listing(SourceNames.CoinPaprika, "BTC-1", CatalogueSeed.Id(1))],
        cancellationToken);
}
