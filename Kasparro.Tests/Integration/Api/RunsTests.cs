using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using static Kasparro.Tests.Integration.Api.RunsApi;

namespace Kasparro.Tests.Integration.Api;

public sealed class RunsTests(BackingServices services, RunsApi catalogue) : IClassFixture<RunsApi>
{
    private readonly ApiHarness _api = catalogue.Api;

    [Theory]
    [InlineData("", "6 5 4 3 2 1 0")]
    [InlineData("&source=coingecko", "6 4 2 0")]
    [InlineData("&status=failed", "3")]
    [InlineData("&source=coingecko&status=failed", "")]
    public async Task Runs_come_newest_first_page_by_page(string filter, string expected)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await _api.GetAsync($"/runs?limit=2{filter}{(cursor is null ? "" : $"&cursor={cursor}")}", Cancellation);
            ids.AddRange(page["runs"]!.AsArray().Select(run => run!["run_id"]!.GetValue<string>()));
            cursor = page["next_cursor"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(expected, string.Join(' ', ids.Select(id => Array.FindIndex(Runs, run => run.RunId == Guid.Parse(id)))));
    }

    [Fact]
    public async Task A_run_is_shown_with_what_belongs_to_it()
    {
        var answer = await _api.GetAsync($"/runs/{Runs[3].RunId}", Cancellation);

        var run = answer["run"]!;
        Assert.Equal("failed", run["status"]!.GetValue<string>());
        Assert.Equal("The upstream answered 500.", run["error"]!.GetValue<string>());
        Assert.Equal(33_000, run["duration_ms"]!.GetValue<double>());
        Assert.Equal(300, run["counts"]!["read"]!.GetValue<long>());
        Assert.Equal(4, answer["checkpoints"]![0]!["page"]!.GetValue<int>());
        Assert.Equal("retyped", answer["drifts"]![0]!["kind"]!.GetValue<string>());
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""[{ "reason": "bad_number", "records": 2 }, { "reason": "missing_id", "records": 1 }]"""),
            answer["rejections"]));
    }

    [Fact]
    public async Task Runs_that_read_a_history_are_compared_by_the_newest_price_of_each_listing()
    {
        var comparison = await _api.GetAsync($"/compare-runs?a={Runs[0].RunId}&b={Runs[2].RunId}", Cancellation);

        Assert.Equal(
            [("B", 5, 15), ("A", 10, 20)],
            comparison["moved"]!.AsArray().Select(moved => ((string)moved!["symbol"]!, (int)moved["price_a"]!, (int)moved["price_b"]!)));
    }

    [Fact]
    public async Task Quotes_of_a_run_are_found_by_an_index_and_not_by_reading_all_history()
    {
        await using var database = NpgsqlDataSource.Create(await services.CreateDatabaseAsync(Cancellation));
        await database.ExecuteAsync(
            """
            CREATE TABLE quotes_test PARTITION OF quotes FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');
            INSERT INTO quotes (listing_id, quoted_at, price_usd, run_id)
            SELECT ('00000000-0000-0000-0000-' || lpad(coin::text, 12, '0'))::uuid, timestamptz '2026-11-01' + run * interval '1 minute', 1,
                   ('019a0000-0000-7000-8000-' || lpad(run::text, 12, '0'))::uuid
            FROM generate_series(1, 400) AS run, generate_series(1, 500) AS coin;
            SELECT brin_summarize_new_values('quotes_test_run_id_idx'); -- As autosummarize does, within a minute.
            ANALYZE quotes;
            """, Cancellation);
        var explained = await database.ScalarAsync<string>(
            "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) SELECT listing_id FROM quotes WHERE run_id = "
                + "'019a0000-0000-7000-8000-000000000200' AND price_usd > 0", Cancellation);
        var plan = JsonNode.Parse(explained)![0]!["Plan"]!;

        Assert.Equal(500, (double)plan["Actual Rows"]!);
        Assert.True((double?)plan["Rows Removed by Index Recheck"] < 60_000, plan.ToJsonString());
    }

    [Fact]
    public async Task A_run_that_nobody_knows_is_not_found()
    {
        using var response = await _api.Client.GetAsync($"/runs/{Guid.Empty}", Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Everything_wrong_with_a_question_is_told_at_once()
    {
        Assert.Equal(
            (HttpStatusCode.BadRequest, "cursor,limit,page,source,status"),
            await _api.GetProblemAsync("/runs?limit=0&cursor=x&source=nobody&status=fine&page=1", Cancellation));
    }
}
