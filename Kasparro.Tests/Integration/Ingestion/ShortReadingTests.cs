using System.Globalization;
using Kasparro.Data.Runs;
using Microsoft.AspNetCore.Http;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>
/// Lists that end early or contain next to nothing: an outage that looks like a regular response. Such a reading fails and delists nothing,
/// and the next one starts over.
/// </summary>
public sealed class ShortReadingTests(BackingServices services)
{
    private const int Size = 10;

    /// <summary>A short page would count as the last one, and on a first reading the expected number of records is not known.</summary>
    [Theory]
    [InlineData("[null]")]
    [InlineData("""[{"message":"API rate limit exceeded"}]""")]
    [InlineData("""["We are down for maintenance"]""")]
    public async Task What_is_no_list_of_coins_is_no_page(string page)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 3, size: Size);
        upstream.OnJson(StubUpstream.Market(2), page);
        upstream.OnJson("/coins", page);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([0, Size], outcome.Sources.Select(source => source.Totals.Inserted));
        Assert.All(outcome.Sources, source =>
        {
            Assert.Equal(RunStatus.Failed, source.Status);
            Assert.Contains("1 of 1 records of page ", source.Error, StringComparison.Ordinal);
        });
        upstream.Markets(pages: 3, size: Size);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        Assert.Equal(3 * Size, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
    }

    [Fact]
    public async Task A_page_that_stays_empty_where_the_upstream_says_that_there_is_more_fails_the_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Markets(upstream, pages: 3, total: 30);
        Set(upstream, 2, "[]", total: 30);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Failed, 10), (outcome.Status, outcome.Totals.Inserted));
        Assert.Contains("page=2 is empty, where the upstream says that there are 30 coins", outcome.Error, StringComparison.Ordinal);
        Markets(upstream, pages: 3, total: 30);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        Assert.Equal(30, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
    }

    /// <summary>
    /// A coin that is added while pages are read makes the total larger than the number of records read, without another page.
    /// </summary>
    [Fact]
    public async Task A_total_that_grows_while_pages_are_read_fails_no_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Markets(upstream, pages: 2, total: 19);
        var lastPage = Enumerable.Range(11, 9).Select(n => StubUpstream.Coin($"coin-{n}", $"c{n}", $"Coin {n}", n));
        Set(upstream, 2, $"[{string.Join(',', lastPage)}]", total: 20);
        Set(upstream, 3, "[]", total: 20);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 19), (outcome.Status, outcome.Totals.Read));
    }

    [Fact]
    public async Task Pages_that_are_missing_for_days_delist_nothing_and_no_run_completes()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 6, size: Size);
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        upstream.OnJson(StubUpstream.Market(2), "[]");

        for (var reading = 0; reading < 4; reading++)
        {
            var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
            Assert.Equal((RunStatus.Failed, 10), (outcome.Status, outcome.Totals.Read));
            Assert.Contains("markets: 10 records came, where 60 listings are known", outcome.Error, StringComparison.Ordinal);
        }

        Assert.Equal(60, await ingestion.ScalarAsync<long>(
            "SELECT count(*) FROM listings WHERE is_active AND quote_misses = 0", Cancellation));
        upstream.Markets(pages: 6, size: Size);
        var whole = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        Assert.Equal((RunStatus.Completed, 60), (whole.Status, whole.Totals.Read)); // Starting with the first page.
    }

    [Fact]
    public async Task A_resumed_reading_that_gets_nothing_starts_over()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 6, size: Size);
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        var content = await ingestion.ContentAsync(Cancellation);
        upstream.OnStatus(StubUpstream.Market(3), 500);
        Assert.False((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);

        upstream.OnJson("/coins/markets", "[]");
        for (var page = 3; page <= 6; page++)
        {
            upstream.OnJson(StubUpstream.Market(page), "[]");
        }

        var some = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        Assert.Equal(RunStatus.Failed, some.Status);
        Assert.Contains("20 records came, where 60 listings are known", some.Error, StringComparison.Ordinal);

        upstream.Markets(pages: 6, size: Size);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task A_resumed_reading_that_gets_nothing_at_all_fails()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 4, size: Size);
        upstream.OnStatus(StubUpstream.Market(3), 500);
        await using var ingestion = await CreateAsync(upstream);
        Assert.False((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        for (var page = 1; page <= 4; page++)
        {
            upstream.OnJson(StubUpstream.Market(page), "[]");
        }

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("is empty, where this reading has had 20 records", outcome.Error, StringComparison.Ordinal);
    }

    /// <summary>As if the process was killed between the last page and the note that the reading has ended.</summary>
    [Theory]
    [InlineData(SourceNames.CoinGecko, "markets")]
    [InlineData(SourceNames.CoinPaprika, "contracts")]
    public async Task A_resumed_reading_that_had_ended_completes(string source, string stream)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Paprika(upstream);
        upstream.Markets(pages: 3, size: Size);
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded);
        var content = await ingestion.ContentAsync(Cancellation);
        await ReopenAsync(ingestion, stream);

        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded);

        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task A_resumed_reading_of_contracts_that_finds_no_platform_fails()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Paprika(upstream);
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Succeeded);
        await ReopenAsync(ingestion, "contracts");
        upstream.OnJson("/contracts", "[]");

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("GET contracts", outcome.Error, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> NearEmpty
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var route in new[] { "/coins", "/tickers", "/coins/markets?page=1", "/coins/list" })
            {
                data.Add(route, "[null]");
                data.Add(route, "[{}]");
                data.Add(route, """[{"message":"too many requests"}]""");
                data.Add(route, "three");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NearEmpty))]
    public async Task A_list_of_next_to_nothing_fails_the_run_and_delists_nothing(string route, string body)
    {
        var source = route is "/coins" or "/tickers" ? SourceNames.CoinPaprika : SourceNames.CoinGecko;
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        All(upstream, 30);
        await using var ingestion = await CreateAsync(
            upstream, ("Sources:CoinGecko:PageSize", "250"), ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"));
        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded);
        var rows = await ingestion.RowsAsync("SELECT * FROM listings ORDER BY 1", Cancellation);

        All(upstream, 30, body == "three" ? 3 : 30);
        if (body != "three")
        {
            upstream.OnJson(route, body);
        }

        for (var reading = 0; reading < 4; reading++)
        {
            var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, source)).Sources);
            Assert.Equal(RunStatus.Failed, outcome.Status);
            Assert.Contains(
                body == "three" ? "where 30 listings are known" : "1 of 1 records of page 1 are bad", outcome.Error,
                StringComparison.Ordinal);
        }

        Assert.Equal(rows, await ingestion.RowsAsync("SELECT * FROM listings ORDER BY 1", Cancellation));
        All(upstream, 30);
        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded);
    }

    [Theory]
    [InlineData(3, 1, "false", RunStatus.Completed)] // Small catalogues may shrink by any amount.
    [InlineData(40, 20, "false", RunStatus.Completed)]
    [InlineData(40, 19, "false", RunStatus.Failed)]
    [InlineData(40, 19, "true", RunStatus.Completed)] // The operator allows it.
    [InlineData(3, 0, "true", RunStatus.Failed)] // Bad records alone are not a list of coins.
    public async Task A_shorter_list_is_believed_where_it_is_plausible_or_the_operator_says_so(
        int before, int after, string mayShrink, string status)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        All(upstream, before);
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:MayShrink", mayShrink));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Succeeded);

        All(upstream, before, after);
        if (after == 0)
        {
            upstream.OnJson("/coins", "[null]");
        }

        Assert.Equal(status, Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Sources).Status);
    }

    [Theory]
    [InlineData("/coins/markets?page=1", "\"current_price\":", "\"current_price\":null,\"was\":")]
    [InlineData("/coins/markets?page=1", "\"current_price\":", "\"price_now\":")]
    [InlineData("/tickers", "\"price\":", "\"price\":0,\"was\":")]
    public async Task A_list_that_lacks_most_known_prices_fails_the_run_and_changes_nothing(string route, string from, string to)
    {
        var source = route == "/tickers" ? SourceNames.CoinPaprika : SourceNames.CoinGecko;
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        All(upstream, 40);
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "250"));
        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded);
        var content = await ingestion.ContentAsync(Cancellation);

        All(upstream, 40, change: (n, record) => n > 19 ? record.Replace(from, to, StringComparison.Ordinal) : record);
        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, source)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("most known prices are gone from page 1", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));
        Assert.True(await ingestion.ScalarAsync<long>("SELECT count(*) FROM schema_drifts", Cancellation) > 0);

        All(upstream, 40, change: (n, record) => n > 20 ? record.Replace(from, to, StringComparison.Ordinal) : record);
        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded); // Half of them is plausible.
        Assert.Equal(20, await ingestion.ScalarAsync<long>("SELECT count(price_usd) FROM listings", Cancellation));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"perhaps\"")]
    public async Task A_coin_whose_activity_is_not_told_is_as_active_as_before(string flag)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", Coins("true", "false", "false"));
        await using var ingestion = await CreateAsync(upstream);
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Succeeded);

        upstream.OnJson("/coins", Coins(flag, flag, "true", flag));
        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Succeeded);

        Assert.Equal(
            ["c0 | True", "c1 | False", "c2 | True", "c3 | True"],
            await ingestion.RowsAsync("SELECT external_id, is_active FROM listings ORDER BY 1", Cancellation));

        static string Coins(params string[] flags) => $"[{string.Join(',', flags.Select((flag, n) =>
            $$"""{"id":"c{{n}}","name":"Coin {{n}}","symbol":"C{{n}}","is_active":{{flag}}}"""))}]";
    }

    private static void All(StubUpstream upstream, int count, int? now = null, Func<int, string, string>? change = null)
    {
        upstream.Empty();
        upstream.OnJson("/coins", List(n => $$"""{"id":"c{{n}}","name":"Coin {{n}}","symbol":"C{{n}}","rank":{{n}},"is_active":true}"""));
        upstream.OnJson("/tickers", List(n => $$"""
            {"id":"c{{n}}","name":"Coin {{n}}","symbol":"C{{n}}","rank":{{n}},"last_updated":"2026-01-01T00:00:00Z",
             "quotes":{"USD":{"price":{{n}} } } }
            """));
        upstream.OnJson("/coins/list", List(n => $$"""{"id":"coin-{{n}}","symbol":"c{{n}}","name":"Coin {{n}}","platforms":{} }"""));
        upstream.OnJson(StubUpstream.Market(1), List(n => StubUpstream.Coin($"coin-{n}", $"c{n}", $"Coin {n}", n)));

        string List(Func<int, string> record) =>
            $"[{string.Join(',', Enumerable.Range(1, now ?? count).Select(n => change?.Invoke(n, record(n)) ?? record(n)))}]";
    }

    private static void Paprika(StubUpstream upstream)
    {
        upstream.Empty();
        upstream.OnJson("/coins", """[{"id":"x-x","name":"X","symbol":"X","rank":1,"is_active":true}]""");
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        upstream.OnJson("/contracts/eth-ethereum", """[{"id":"x-x","address":"0x000000000000000000000000000000000000000a"}]""");
    }

    private static void Markets(StubUpstream upstream, int pages, int total)
    {
        for (var page = 1; page <= pages; page++)
        {
            Set(upstream, page, StubUpstream.MarketPage(page, Size), total);
        }

        Set(upstream, pages + 1, "[]", total);
    }

    private static void Set(StubUpstream upstream, int page, string body, int total) => upstream.On(StubUpstream.Market(page), context =>
    {
        context.Response.Headers["total"] = total.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    });

    private static async Task ReopenAsync(IngestionHarness ingestion, string stream)
    {
        await using var command = ingestion.Database.CreateCommand("UPDATE checkpoints SET is_complete = false WHERE stream = $1");
        command.Parameters.Add(new() { Value = stream });
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancellation));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation,
        [
            ("Sources:CoinGecko:PageSize", $"{Size}"),
            ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"),
            .. overrides,
        ]);
}
