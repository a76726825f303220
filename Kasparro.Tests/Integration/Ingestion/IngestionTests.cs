using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using StackExchange.Redis;

namespace Kasparro.Tests.Integration.Ingestion;

[Collection(IngestionCollection.Name)]
public sealed class IngestionTests(BackingServices services)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingestion_loads_every_source_and_counts_what_it_did()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.OnJson("/coins", """
            [{"id":"btc-bitcoin","name":"Bitcoin","symbol":"BTC","rank":1,"is_new":false,"is_active":true,"type":"coin"},
             {"id":"old-coin","name":"Old Coin","symbol":"OLD","rank":0,"is_new":false,"is_active":false,"type":"coin"}]
            """);
        upstream.OnJson("/tickers", """
            [{"id":"btc-bitcoin","name":"Bitcoin","symbol":"BTC","rank":1,"total_supply":"","max_supply":null,
              "last_updated":"2026-01-01T00:00:00Z","quotes":{"USD":{"price":60000.5,"volume_24h":5.856e-05,"market_cap":1e12}}}]
            """);
        upstream.OnJson("/coins/markets", "[]");
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("bitcoin", "btc", "Bitcoin", 60001)}]");
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(
            ["coingecko | completed | 1 | 1 | 1 | 0 | 0 | 0 | simulated", "coinpaprika | completed | 2 | 3 | 2 | 1 | 0 | 0 | simulated"],
            await ingestion.RowsAsync(
                "SELECT source, status, pages, records_read, inserted, updated, unchanged, rejected, "
                    + "upstreams FROM ingestion_runs ORDER BY source",
                Cancellation));
        Assert.Equal(
            ["BTC | Bitcoin | coinpaprika | 60000.5 | 5.856E-05 | 1 | True", "OLD | Old Coin | coinpaprika | null | null | null | False"],
            await ingestion.RowsAsync(
                "SELECT symbol, name, source, price_usd, volume_24h_usd, rank, is_active FROM assets ORDER BY symbol", Cancellation));
        Assert.Equal(
            ["assets | 1", "coingecko | 1", "coinpaprika | 2", "csv_source | 0"],
            await ingestion.RowsAsync("SELECT scope, count FROM catalogue_counts ORDER BY scope", Cancellation));
        Assert.Equal(
            upstream.Requests.Count, await ingestion.ScalarAsync<long>("SELECT sum(upstream_calls) FROM ingestion_runs", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM quotes", Cancellation));
        Assert.Equal(4, await ingestion.ScalarAsync<long>("SELECT count(*) FROM raw_records", Cancellation));
    }

    [Fact]
    public async Task Ingestion_of_the_same_input_changes_nothing_but_runs_and_checkpoints()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 3, size: 10);
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        var content = await ingestion.ContentAsync(Cancellation);
        var version = await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation);

        var again = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(30, Assert.Single(again.Sources).Totals.Unchanged);
        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));
        Assert.Equal(version, await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation));
    }

    [Fact]
    public async Task Ingestion_appends_a_quote_and_a_raw_record_only_where_something_changed()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 10);
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        upstream.OnJson(
            StubUpstream.Market(1),
            StubUpstream.MarketPage(1, 10).Replace("\"current_price\":3,", "\"current_price\":33,")
                .Replace("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"));

        var again = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(10, Assert.Single(again.Sources).Totals.Updated);
        Assert.Equal(["3", "33"], await ingestion.RowsAsync(
            """
            SELECT q.price_usd FROM quotes q JOIN listings l USING (listing_id) WHERE l.external_id = 'coin-3' ORDER BY q.quoted_at
            """,
            Cancellation));
        Assert.Equal(11, await ingestion.ScalarAsync<long>("SELECT count(*) FROM quotes", Cancellation));
        Assert.Equal(20, await ingestion.ScalarAsync<long>("SELECT count(*) FROM raw_records", Cancellation));
        Assert.Equal(33, await ingestion.ScalarAsync<double>("SELECT price_usd FROM assets WHERE symbol = 'C3'", Cancellation));
    }

    // Partitions are made on a connection of their own, which waits for whoever has written quotes: they have to be there before the page
    // writes any.
    [Fact]
    public async Task A_page_of_new_and_known_records_may_bring_quotes_of_several_months_at_once()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $"[{Coin("known", "2026-01-31T23:59:59Z", 1)}]");
        await using var ingestion = await IngestionHarness.CreateAsync(services, upstream.Url, Cancellation);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        upstream.OnJson(StubUpstream.Market(1),
            $"[{Coin("new", "2026-02-01T00:00:00Z", 2)},{Coin("known", "2026-03-01T00:00:00Z", 3)},"
                + $"{Coin("newer", "2026-04-01T00:00:00Z", 4)}]");
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        Assert.Equal(
            ["known | 1", "known | 3", "new | 2", "newer | 4"],
            await ingestion.RowsAsync(
                "SELECT l.external_id, q.price_usd FROM quotes q JOIN listings l USING (listing_id) ORDER BY 1, 2", Cancellation));

        static string Coin(string id, string time, double price) =>
            StubUpstream.Coin(id, id, id, price).Replace("2026-01-01T00:00:00Z", time, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingestion_loads_the_rest_of_a_page_when_a_record_is_bad()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(
            StubUpstream.Market(1),
            $$"""
            [{{StubUpstream.Coin("a", "a", "A", 1)}}, {"id":"b","symbol":"b","name":"B","current_price":"much"},
             {{StubUpstream.Coin("c", "c", "C\\u0000", 1)}}, {{StubUpstream.Coin("d", "d", "D", 1)}}, 7]
            """);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        var totals = Assert.Single(outcome.Sources).Totals;
        Assert.Equal((5, 2, 3), (totals.Read, totals.Inserted, totals.Rejected));
        Assert.Equal(
            ["2 | b | bad_number", "3 | null | nul_character", "5 | null | wrong_type"],
            await ingestion.RowsAsync("SELECT position, external_id, reason FROM rejected_records ORDER BY position", Cancellation));
    }

    [Fact]
    public async Task Ingestion_keeps_the_later_of_two_records_with_one_id()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(
            StubUpstream.Market(1),
            $"[{StubUpstream.Coin("a", "a", "A", 1)},{StubUpstream.Coin("b", "b", "B", 2)},{StubUpstream.Coin("a", "a", "A", 3)}]");
        upstream.OnJson(StubUpstream.Market(2), $"[{StubUpstream.Coin("b", "b", "B", 2)}]");
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        var totals = Assert.Single(outcome.Sources).Totals;
        Assert.Equal((4, 2, 1, 1), (totals.Read, totals.Inserted, totals.Duplicates, totals.Unchanged));
        Assert.Equal(["a | 3", "b | 2"], await ingestion.RowsAsync("SELECT external_id, price_usd FROM listings ORDER BY 1", Cancellation));
    }

    [Fact]
    public async Task Identity_is_split_again_when_a_later_page_makes_it_ambiguous()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", """[{"id":"x-one","name":"Exchange Coin","symbol":"X","rank":1,"is_active":true}]""");
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("x-1", "x", "Exchange-Coin", 1)}]");
        upstream.OnJson(StubUpstream.Market(2), $"[{StubUpstream.Coin("other", "x", "Another", 1)}]");
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        var united = await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation);

        upstream.OnJson(StubUpstream.Market(2), $"[{StubUpstream.Coin("other", "x", "Exchange Coin", 1)}]");
        var second = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        Assert.True(second.Succeeded, string.Join("; ", second.Sources));
        var split = await ingestion.RowsAsync("SELECT DISTINCT asset_id FROM listings", Cancellation);
        upstream.OnJson(StubUpstream.Market(2), $"[{StubUpstream.Coin("other", "x", "Another", 1)}]");
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(2, united);
        Assert.Equal(3, split.Count);
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count FROM catalogue_counts WHERE scope = 'assets'", Cancellation));
        Assert.Equal(
            [$"{StableId.ForListing(SourceNames.CoinGecko, "x-1")} | {StableId.ForListing(SourceNames.CoinPaprika, "x-one")}"],
            await ingestion.RowsAsync("SELECT asset_id, merged_into FROM asset_redirects", Cancellation));
    }

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

    [Theory]
    [InlineData("[{\"id\":\"a\",\"symbol\":\"a\",\"name\":\"A\"},{\"id\":\"b\",")]
    [InlineData("")]
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

    [Fact]
    public async Task Stopping_ends_the_run_after_a_whole_page_and_the_next_goes_on_from_there()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: 5);
        using var stop = new CancellationTokenSource();
        upstream.On(StubUpstream.Market(3), async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream);

        var stopped = await ingestion.IngestAsync(stop.Token, SourceNames.CoinGecko);
        upstream.Markets(pages: 4, size: 5);
        var finished = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(RunStatus.Cancelled, Assert.Single(stopped.Sources).Status);
        Assert.Equal(20, stopped.Sources[0].Totals.Inserted + finished.Sources[0].Totals.Inserted);
        Assert.Equal(0, finished.Sources[0].Totals.Unchanged);
    }

    [Theory]
    [InlineData("01:00:00", "page=3", 10)] // Young enough: it goes on.
    [InlineData("00:00:00", "page=1", 20)]
    public async Task A_run_that_failed_goes_on_or_starts_over_by_its_age_and_ends_as_if_it_had_not_failed(
        string maxAge, string first, int read)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: 5);
        await using var undisturbed = await CreateAsync(upstream);
        await undisturbed.IngestAsync(Cancellation, SourceNames.CoinGecko);
        upstream.OnStatus(StubUpstream.Market(3), 500);
        await using var failing = await CreateAsync(upstream);
        var failed = Assert.Single((await failing.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        upstream.Markets(pages: 4, size: 5);
        await using var next = IngestionHarness.Create(failing.Settings, ("Ingestion:MaxResumeAge", maxAge));
        var before = upstream.Requests.Count;

        var finished = Assert.Single((await next.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Failed, 10), (failed.Status, failed.Totals.Inserted));
        Assert.Equal((RunStatus.Completed, read), (finished.Status, finished.Totals.Read));
        Assert.Contains(first, upstream.Requests.ElementAt(before), StringComparison.Ordinal);
        Assert.Equal(await undisturbed.ContentAsync(Cancellation), await next.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task Coins_that_move_between_pages_come_once_and_those_missed_come_with_the_next_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 2, size: 3);

        // Between the two requests coin-3 fell to the second page, for coin-4 that rose to the first after that was read.
        upstream.OnJson(
            StubUpstream.Market(2),
            $"[{StubUpstream.Coin("coin-3", "c3", "Coin 3", 3)},{StubUpstream.Coin("coin-5", "c5", "Coin 5", 5)},"
                + $"{StubUpstream.Coin("coin-6", "c6", "Coin 6", 6)}]");
        await using var ingestion = await CreateAsync(upstream);
        var moved = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        upstream.Markets(pages: 2, size: 3);
        var later = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((6, 5, 1), (moved.Totals.Read, moved.Totals.Inserted, moved.Totals.Unchanged));
        Assert.Equal((6, 1, 5), (later.Totals.Read, later.Totals.Inserted, later.Totals.Unchanged));
        Assert.Equal(
            ["6 | 6 | 6"],
            await ingestion.RowsAsync(
                "SELECT (SELECT count(*) FROM listings), (SELECT count(*) FROM quotes), (SELECT count(*) FROM raw_records)", Cancellation));
    }

    [Fact]
    public async Task An_id_that_comes_again_in_a_later_page_of_one_answer_is_changed_by_it()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(
            "/coins", """[{"id":"a","name":"A","symbol":"A"},{"id":"b","name":"B","symbol":"B"},{"id":"a","name":"Later","symbol":"A"}]""");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:PageSize", "2"));

        var totals = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Sources).Totals;

        Assert.Equal((3, 2, 1), (totals.Read, totals.Inserted, totals.Updated));
        Assert.Equal(["Later"], await ingestion.RowsAsync("SELECT name FROM listings WHERE external_id = 'a'", Cancellation));
        Assert.Equal(3, await ingestion.ScalarAsync<long>("SELECT count(*) FROM raw_records", Cancellation));
    }

    [Fact]
    public async Task Extremes_are_stored_as_they_are()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        var id = new string('i', 200);
        const string name = "\u202e\u0645\u0631\u062d\u0628\u0627 \U0001F680\U0001F9D1\u200d\U0001F680 \ufffe\u2028";
        upstream.OnJson(
            StubUpstream.Market(1),
            $$"""
            [{"id":"{{id}}","symbol":"\u00df","name":{{System.Text.Json.JsonSerializer.Serialize(name)}},
              "current_price":1e-30,"market_cap":1e40,"market_cap_rank":1,
              "total_volume":1.7976931348623157e308,"total_supply":4.9e-324,"last_updated":"2026-01-01T00:00:00Z"}]
            """);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(
            [$"{id} | {name} | 1E-30 | 1E+40 | 1.7976931348623157E+308 | 5E-324"],
            await ingestion.RowsAsync(
                "SELECT external_id, name, price_usd, market_cap_usd, volume_24h_usd, total_supply FROM listings", Cancellation));
        Assert.Equal(["1E-30 | 1E+40"], await ingestion.RowsAsync("SELECT price_usd, market_cap_usd FROM quotes", Cancellation));
    }

    [Fact]
    public async Task A_page_cannot_commit_when_a_newer_token_was_drawn()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 3, size: 5);
        await using var ingestion = await CreateAsync(upstream);
        upstream.On(StubUpstream.Market(2), async context =>
        {
            // What a second worker does whose Redis forgot this one's lock.
            await ingestion.Host.Services.GetRequiredService<LeaseStore>().DrawTokenAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(StubUpstream.MarketPage(2, 5), context.RequestAborted);
        });

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(RunStatus.LostLock, Assert.Single(outcome.Sources).Status);
        Assert.InRange(await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation), 0, 5);
        Assert.Equal(
            ["lost_lock"], await ingestion.RowsAsync("SELECT status FROM ingestion_runs", Cancellation));
    }

    [Fact]
    public async Task A_run_that_loses_its_lock_ends_without_waiting_for_its_upstream()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 3, size: 5);
        var reached = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(2), async context =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream, ("Ingestion:LockExpiry", "00:00:01"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString);

        var running = ingestion.IngestAsync(Cancellation);
        await reached.Task.WaitAsync(Cancellation);
        await redis.GetDatabase().KeyDeleteAsync(CacheKeys.IngestionLock);
        var outcome = await running;

        // Nor was the next source read.
        Assert.Equal((SourceNames.CoinGecko, RunStatus.LostLock), (outcome.Sources[^1].Source, outcome.Sources[^1].Status));
        Assert.Equal(
            ["lost_lock | The run lock was lost."],
            await ingestion.RowsAsync(
                "SELECT status, error FROM ingestion_runs WHERE source = 'coingecko' AND finished_at IS NOT NULL", Cancellation));
    }

    [Fact]
    public async Task A_worker_that_stands_still_amid_a_page_does_not_hold_up_its_successor()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 5);
        await using var ingestion = await CreateAsync(upstream);
        var lease = ingestion.Host.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(Cancellation);
        await using var connection = await ingestion.Host.Services.GetRequiredService<NpgsqlDataSource>().OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await LeaseStore.ProveTokenAsync(connection, token, Cancellation); // And nothing more, as if it were stopped here.

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync(Cancellation));
    }

    [Fact]
    public async Task The_database_refuses_a_second_active_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        var lease = ingestion.Host.Services.GetRequiredService<LeaseStore>();
        var token = await lease.DrawTokenAsync(Cancellation);
        await ingestion.Host.Services.GetRequiredService<RunStore>()
            .StartAsync(Guid.NewGuid(), SourceNames.Csv, "command", "live", token, Cancellation);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ingestion.Host.Services.GetRequiredService<RunStore>()
                .StartAsync(Guid.NewGuid(), SourceNames.CoinGecko, "command", "live", token, Cancellation));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
    }

    [Fact]
    public async Task A_second_worker_is_locked_out_while_one_is_at_work()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 5);
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(1), async context =>
        {
            reached.TrySetResult();
            await release.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(StubUpstream.MarketPage(1, 5), context.RequestAborted);
        });
        await using var ingestion = await CreateAsync(upstream);

        var first = ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await reached.Task.WaitAsync(Cancellation);
        using var second = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", SourceNames.CoinGecko);
        var (exitCode, output) = await second.WaitAsync(Cancellation);
        release.SetResult();

        Assert.True((await first).Succeeded);
        Assert.Equal(ExitCodes.LockedOut, exitCode);
        Assert.Contains("locked out", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_killed_in_the_middle_resumes_at_the_next_page_and_ends_as_if_it_had_not_been()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 5, size: 7);
        await using var undisturbed = await CreateAsync(upstream);
        await undisturbed.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await using var ingestion = await CreateAsync(upstream);
        var reached = new TaskCompletionSource();
        upstream.On(StubUpstream.Market(4), async context =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });

        using (var killed = IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--source", SourceNames.CoinGecko))
        {
            await reached.Task.WaitAsync(Cancellation);
            await Eventually.TrueAsync(
                async () => await ingestion.ScalarAsync<long>("SELECT coalesce(max(page), 0)::bigint FROM checkpoints", Cancellation) == 3,
                Cancellation);
            killed.Kill();
            await killed.WaitAsync(Cancellation);
        }

        // Its lock's time is over at once: with a short one the run itself may lose it, where the machine is busy.
        await using (var redis = await ConnectionMultiplexer.ConnectAsync(services.RedisConnectionString))
        {
            await redis.GetDatabase().KeyExpireAsync(CacheKeys.IngestionLock, TimeSpan.FromMilliseconds(1));
        }

        upstream.Markets(pages: 5, size: 7);
        var before = upstream.Requests.Count;
        IngestionOutcome outcome = IngestionOutcome.OfLockedOut;
        await Eventually.TrueAsync(
            async () => !(outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).LockedOut, Cancellation);

        Assert.True(outcome.Succeeded);
        Assert.Contains("page=4", upstream.Requests.ElementAt(before), StringComparison.Ordinal);
        Assert.Equal(await undisturbed.ContentAsync(Cancellation), await ingestion.ContentAsync(Cancellation));
        Assert.Equal(
            ["completed", "interrupted"], await ingestion.RowsAsync("SELECT status FROM ingestion_runs ORDER BY status", Cancellation));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
