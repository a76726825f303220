using Kasparro.Data.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Upstreams that refuse, break off, or respond with something other than their data.</summary>
public sealed class UpstreamFailureTests(BackingServices services)
{
    [Theory]
    [InlineData(500, "", "answered 500")]
    [InlineData(404, """{"error":"id not found"}""", "id not found")]
    [InlineData(429, """{"status":{"error_code":429,"error_message":"You've exceeded the Rate Limit."}}""", "exceeded the Rate Limit")]
    [InlineData(402, "", "answered 402")]
    public async Task A_failing_upstream_fails_its_own_run_and_no_other(int status, string body, string reason)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnStatus("/coins", status, body);
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([RunStatus.Failed, RunStatus.Completed], outcome.Sources.Select(source => source.Status));
        Assert.Contains(reason, outcome.Sources[0].Error, StringComparison.Ordinal);
        Assert.Contains(
            reason,
            await ingestion.ScalarAsync<string>(
                "SELECT error FROM ingestion_runs WHERE status = 'failed' AND finished_at IS NOT NULL", Cancellation),
            StringComparison.Ordinal);
    }

    /// <summary>
    /// PostgreSQL's text type cannot hold all of these bodies, and a run whose end cannot be written would block the next source.
    /// </summary>
    [Theory]
    [InlineData("\u001f\u008b\0\0\u0008\0 of gzip without its header")]
    [InlineData("\0")]
    [InlineData("surrogate")]
    public async Task A_failing_upstream_fails_no_other_whatever_its_body_is(string body)
    {
        body = body == "surrogate" ? $"{new string('x', 299)}{char.ConvertFromUtf32(0x1F680)} and more" : body;
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnStatus("/coins", StatusCodes.Status404NotFound, body);
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([RunStatus.Failed, RunStatus.Completed], outcome.Sources.Select(source => source.Status));
        Assert.All(outcome.Sources, source => Assert.True(source.IsRecorded));
        Assert.DoesNotContain(outcome.Sources[0].Error!, char.IsControl);
    }

    [Theory]
    [InlineData("application/json", """[{"id":"a","symbol":"a","name":"A"},{"id":"b",""", "not a whole JSON array")]
    [InlineData("application/json", """{"error":"something"}""", "not a JSON array")]
    [InlineData("application/json", "", "no body")]
    [InlineData("text/html", "<html>Just a moment...</html>", "HTML in place of JSON")]
    public async Task A_broken_answer_fails_the_run_instead_of_ending_it_early(string contentType, string body, string reason)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.On(StubUpstream.Market(1), context =>
        {
            context.Response.ContentType = contentType;
            return context.Response.WriteAsync(body, context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        var source = Assert.Single(outcome.Sources);
        Assert.Equal(RunStatus.Failed, source.Status);
        Assert.Contains(reason, source.Error, StringComparison.Ordinal);
    }

    /// <summary>It would count as a short page, which is the last one.</summary>
    [Theory]
    [InlineData("""[{"error": "boom"}]""")]
    [InlineData("""[{"status": {"error_code": 503, "error_message": "boom"}}]""")]
    public async Task An_error_in_a_list_is_no_page(string page)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 4);
        upstream.OnJson(StubUpstream.Market(2), page);
        await using var ingestion = await CreateAsync(upstream);

        var source = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Failed, 4), (source.Status, source.Totals.Inserted));
        Assert.Contains("boom", source.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[{\"id\":\"a\",\"symbol\":\"a\",\"name\":\"A\"},{\"id\":\"b\",")]
    [InlineData("")]
    [InlineData("""[{"error":"boom"}]""")]
    [InlineData("<html>Just a moment...</html>")]
    [InlineData("""{"status":{"error_code":429}}""")]
    public async Task An_answer_broken_once_costs_a_run_nothing(string broken)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 4);
        upstream.OnJson("/coins",
            $"[{string.Join(',', Enumerable.Range(1, 60).Select(n => $$"""{"id":"c{{n}}","symbol":"C{{n}}","name":"Coin {{n}}"}"""))}]");
        upstream.OnJson("/tickers", "[]");
        await using var undisturbed = await CreateAsync(upstream, ("Sources:CoinPaprika:PageSize", "7"));
        await undisturbed.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        upstream.BreakOnce(StubUpstream.Market(2), broken);
        upstream.BreakOnce("/coins", broken);
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:PageSize", "7"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(await undisturbed.ContentAsync(Cancellation), await ingestion.ContentAsync(Cancellation));
    }

    [Theory]
    [InlineData("[{\"id\":\"a\",\"symbol\":\"a\",\"name\":\"A\",\"platforms\":{}},{\"id\":\"b\",")]
    [InlineData("[")]
    [InlineData("<html>Just a moment...</html>")]
    public async Task A_list_of_evidence_broken_once_costs_a_run_nothing(string broken)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins/list",
            """[{"id":"omisego","symbol":"omg","name":"OMG","platforms":{"ethereum":"0xd26114cd6ee289accf82350c8d8487fedb8a0c07"}}]""");
        upstream.OnJson("/coins", """[{"id":"omg-omg","name":"OmiseGO","symbol":"OMG","rank":1,"is_active":true}]""");
        upstream.OnJson("/contracts", """["eth-ethereum","bnb-binance-coin"]""");
        upstream.OnJson("/contracts/bnb-binance-coin", "[]");
        upstream.OnJson("/contracts/eth-ethereum",
            """[{"address":"0xd26114cd6ee289accf82350c8d8487fedb8a0c07","id":"omg-omg","type":"ERC20","active":true}]""");
        upstream.BreakOnce("/contracts", "[\"eth-ethereum\",");
        upstream.BreakOnce("/contracts/eth-ethereum", broken);
        upstream.BreakOnce("/coins/list", broken);

        await using var ingestion = await CreateAsync(
            upstream,
            ("Sources:CoinPaprika:EvidenceInterval", "1.00:00:00"),
            ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"),
            ("Sources:CoinPaprika:MaxRetries", "2"),
            ("Sources:CoinGecko:MaxRetries", "2"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(
            ["coingecko | list | 1 | True", "coinpaprika | contracts | 2 | True"],
            await ingestion.RowsAsync(
                "SELECT source, stream, page, is_complete FROM checkpoints WHERE stream IN ('list', 'contracts') ORDER BY source",
                Cancellation));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
    }

    [Fact]
    public async Task An_upstream_that_only_fails_opens_its_own_circuit_breaker_and_no_other()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnStatus("/coins", 503);
        upstream.Markets(pages: 5, size: 3);
        await using var ingestion = await CreateAsync(
            upstream, ("Sources:CoinPaprika:BreakerMinimumCalls", "2"), ("Sources:CoinPaprika:MaxRetries", "5"),
            ("Sources:CoinGecko:BreakerMinimumCalls", "2"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Contains("failed too often", outcome.Sources[0].Error, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Completed, 15), (outcome.Sources[1].Status, outcome.Sources[1].Totals.Inserted));
    }

    [Fact]
    public async Task A_list_that_breaks_off_late_is_read_on_from_the_last_whole_page()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.OnJson("/tickers", "[]");
        var coins = Enumerable.Range(1, 60).Select(n => $$"""{"id":"c{{n}}","symbol":"C{{n}}","name":"Coin {{n}}"}""").ToList();
        upstream.OnJson("/coins", $"[{string.Join(',', coins)}]");
        upstream.BreakOnce("/coins", $"[{string.Join(',', coins.Take(40))},");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:PageSize", "7"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);

        var totals = Assert.Single(outcome.Sources).Totals;
        Assert.Equal((RunStatus.Completed, 60, 60), (outcome.Sources[0].Status, totals.Read, totals.Inserted));
        Assert.Equal(2, upstream.Requests.Count(request => request == "/coins"));
    }

    [Fact]
    public async Task A_list_is_read_when_only_its_content_type_is_wrong()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.On(StubUpstream.Market(1), context =>
        {
            context.Response.ContentType = "text/plain";
            return context.Response.WriteAsync(StubUpstream.MarketPage(1, 4), context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream);

        Assert.Equal(4, Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources).Totals.Inserted);
    }

    [Fact]
    public async Task An_upstream_that_never_answers_fails_its_run_after_the_time_it_is_given()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.On("/coins", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        upstream.Markets(pages: 1, size: 3);
        await using var ingestion = await CreateAsync(
            upstream, ("Sources:CoinPaprika:AttemptTimeout", "00:00:00.3"), ("Sources:CoinPaprika:TotalTimeout", "00:00:01"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([RunStatus.Failed, RunStatus.Completed], outcome.Sources.Select(source => source.Status));
    }

    [Fact]
    public async Task An_upstream_out_of_reach_fails_its_run_with_the_reason()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:BaseUrl", "http://127.0.0.1:9/"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);

        Assert.Contains("127.0.0.1:9", Assert.Single(outcome.Sources).Error, StringComparison.Ordinal);
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
