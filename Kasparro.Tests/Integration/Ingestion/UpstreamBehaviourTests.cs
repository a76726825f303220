using System.IO.Compression;
using System.Text;
using Kasparro.Data.Runs;
using Microsoft.AspNetCore.Http;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>
/// What upstreams, and caches in front of them, occasionally send. None of it may count as a success or keep a run from ending.
/// </summary>
public sealed class UpstreamBehaviourTests(BackingServices services)
{
    private const string Page1 =
        """[{"id":"zeta-t","symbol":"zzt","name":"Zeta Test","current_price":1.25,"last_updated":"2026-11-20T12:00:00Z"}]""";

    /// <summary>
    /// Pages that are served in turn regardless of the requested page, and the number of records loaded when the reading ends.
    /// </summary>
    public static TheoryData<string, int[], int> Cycles => new()
    {
        { "one page without end", [1], 20 },
        { "two pages in turn", [1, 2], 40 },
        { "the last page without end", [1, 2, 3, 3], 60 },
        { "back to the first", [1, 2, 3, 1], 60 },
    };

    [Theory]
    [MemberData(nameof(Cycles))]
    public async Task A_reading_that_gets_a_page_again_ends_and_says_so(string name, int[] pages, int loaded)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var requests = 0;
        upstream.On("/coins/markets", context =>
        {
            var turn = requests++;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(
                StubUpstream.MarketPage(pages[turn < pages.Length ? turn : turn % pages.Length], 20), Cancellation);
        });
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "20"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.True(outcome.Status == RunStatus.Failed, name);
        Assert.Contains("repeats an earlier page", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("GET coins/markets", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(loaded, outcome.Totals.Inserted);
    }

    [Theory]
    [InlineData(20, 2)]
    [InlineData(4, 6)] // Three pages are judged together: the first three have new coins.
    public async Task A_page_that_comes_again_with_other_prices_is_a_repeated_page(int size, int pages)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var requests = 0;
        upstream.On("/coins/markets", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(StubUpstream.MarketPage(1, size, price: ++requests), Cancellation);
        });
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", $"{size}"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Equal(pages, upstream.Requests.Count);
    }

    [Fact]
    public async Task Coins_that_move_between_pages_are_no_repeated_page()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 2, size: 20);
        upstream.OnJson(StubUpstream.Market(2),
            $"[{string.Join(',', Enumerable.Range(13, 20).Select(n => StubUpstream.Coin($"coin-{n}", $"c{n}", $"Coin {n}", n)))}]");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "20"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 32), (outcome.Status, outcome.Totals.Inserted));
    }

    [Fact]
    public async Task A_page_that_is_not_full_is_the_last_and_costs_no_further_request()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.OnJson("/coins/markets", Page1); // For every page: this single coin is the whole list.
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "250"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 1), (outcome.Status, outcome.Totals.Inserted));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_page_that_is_not_full_is_not_the_last_where_the_upstream_says_that_there_are_more()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        foreach (var (page, size) in new[] { (1, 20), (2, 19), (3, 5) })
        {
            upstream.On(StubUpstream.Market(page), context =>
            {
                context.Response.Headers["total"] = "44";
                context.Response.ContentType = "application/json";
                var first = (page - 1) * 20;
                var coins = Enumerable.Range(first, size).Select(n => StubUpstream.Coin($"coin-{n}", $"c{n}", $"Coin {n}", 1));
                return context.Response.WriteAsync($"[{string.Join(',', coins)}]", Cancellation);
            });
        }

        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "20"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 44), (outcome.Status, outcome.Totals.Inserted));
        Assert.Equal(3, upstream.Requests.Count);
    }

    [Theory]
    [InlineData("/coins", SourceNames.CoinPaprika)]
    [InlineData("/tickers", SourceNames.CoinPaprika)]
    [InlineData("/contracts", SourceNames.CoinPaprika)]
    [InlineData("/coins/markets", SourceNames.CoinGecko)]
    [InlineData("/coins/list", SourceNames.CoinGecko)]
    public async Task A_list_that_is_empty_where_it_was_not_fails_the_run_and_changes_nothing(string route, string source)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.OnJson("/coins", """[{"id":"zzt-zeta","name":"Zeta Test","symbol":"ZZT","rank":1,"is_active":true}]""");
        upstream.OnJson("/tickers", """
            [{"id":"zzt-zeta","name":"Zeta Test","symbol":"ZZT","rank":1,"last_updated":"2026-11-20T12:00:00Z",
              "quotes":{"USD":{"price":2}}}]
            """);
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        upstream.OnJson("/contracts/eth-ethereum",
            """[{"id":"zzt-zeta","type":"ERC20","active":true,"address":"0x00000000000000000000000000000000000000aa"}]""");
        upstream.OnJson("/coins/markets", Page1);
        upstream.OnJson("/coins/list", """[{"id":"zeta-t","symbol":"zzt","name":"Zeta Test","platforms":{}}]""");
        await using var ingestion = await CreateAsync(
            upstream,
            ("Sources:CoinGecko:PageSize", "250"),
            ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.001"),
            ("Sources:CoinGecko:EvidenceInterval", "00:00:00.001"));
        Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded);
        var content = await ingestion.ContentAsync(Cancellation);
        upstream.OnJson(route, "[]");

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, source)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("the list is empty, where the last reading had 1 records", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));
    }

    [Fact]
    public async Task A_catalogue_that_has_never_held_anything_may_be_empty()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);

        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko)).Succeeded);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_page_that_is_empty_once_is_requested_again_and_the_rest_is_read(int page)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 10);
        upstream.BreakOnce(StubUpstream.Market(page), "[]");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:PageSize", "10"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 30), (outcome.Status, outcome.Totals.Inserted));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_plain_body_that_is_labelled_as_compressed_fails_the_run_with_its_reason(string coding)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.On("/coins/markets", context => SendAsync(context, coding, Encoding.UTF8.GetBytes(Page1)));
        await using var ingestion = await CreateAsync(upstream);

        await FailsAsync(ingestion, "GET coins/markets", "Content-Encoding");
    }

    [Theory]
    [InlineData("gzip", "", "gzip")]
    [InlineData("deflate", "", "deflate")]
    [InlineData("gzip", "gzip", "gzip")] // Compressed twice, but declared once.
    [InlineData("gzip", "br", "gzip")]
    public async Task A_body_in_a_coding_that_its_header_does_not_name_fails_the_run_with_its_name(
        string inner, string outer, string named)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var body = Compress(inner, Encoding.UTF8.GetBytes(Page1));
        upstream.On("/coins/markets", context => SendAsync(context, outer, outer.Length > 0 ? Compress(outer, body) : body));
        await using var ingestion = await CreateAsync(upstream);

        await FailsAsync(ingestion, "GET coins/markets", $"a body in {named}", "Content-Encoding");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_compressed_body_that_breaks_off_fails_the_run_with_its_reason(string coding)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var body = Compress(coding, Encoding.UTF8.GetBytes(StubUpstream.MarketPage(1, 2_000)));
        upstream.On("/coins/markets", context => SendAsync(context, coding, body[..(body.Length / 2)]));
        await using var ingestion = await CreateAsync(upstream);

        await FailsAsync(ingestion, "GET coins/markets");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_bomb_of_compressed_bytes_fails_the_run_at_the_limit_of_what_is_read(string coding)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var bomb = Compress(coding, Encoding.UTF8.GetBytes($"[{new string(' ', 64 * 1024 * 1024)}]"));
        upstream.On("/coins/markets", context => SendAsync(context, coding, bomb));
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:MaxResponseBytes", "1000000"));

        await FailsAsync(ingestion, "GET coins/markets", "1000000 bytes", "MaxResponseBytes");
        Assert.Single(upstream.Requests); // A retry would not make it smaller.
    }

    [Theory]
    [InlineData("MaxResponseBytes", "20000", "20000 bytes")]
    [InlineData("MaxRetries", "1", "a record of more than")]
    public async Task A_body_or_a_record_beyond_its_limit_fails_the_run(string setting, string value, string reason)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.OnJson("/coins", setting == "MaxResponseBytes"
            ? $"[{string.Join(',', Enumerable.Range(1, 1_000).Select(n => $$"""{"id":"c{{n}}","symbol":"C{{n}}","name":"Coin {{n}}"}"""))}]"
            : $$"""[{"id":"c","symbol":"C","name":"{{new string('x', 9 * 1024 * 1024)}}"}]""");
        await using var ingestion = await CreateAsync(upstream, ($"Sources:CoinPaprika:{setting}", value));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.Contains("GET coins answered with", outcome.Error, StringComparison.Ordinal);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_breaks_off_and_comes_again_in_another_order_is_read_whole()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var coins = Enumerable.Range(1, 60).Select(n => $$"""{"id":"c{{n}}","symbol":"C{{n}}","name":"Coin {{n}}"}""").ToList();
        upstream.OnJson("/coins", $"[{string.Join(',', Enumerable.Reverse(coins))}]");
        upstream.OnJson("/tickers", "[]");
        upstream.BreakOnce("/coins", $"[{string.Join(',', coins.Take(30))},");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:PageSize", "7"));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Sources);

        Assert.Equal((RunStatus.Completed, 60), (outcome.Status, outcome.Totals.Inserted));
        Assert.Equal(60, outcome.Totals.Read); // Records handed over before the break are not read twice.
    }

    [Fact]
    public async Task A_list_whose_run_failed_is_read_from_its_start_by_the_next()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var coins = Enumerable.Range(1, 60).Select(n => $$"""{"id":"c{{n}}","symbol":"C{{n}}","name":"Coin {{n}}"}""").ToList();
        upstream.OnJson("/tickers", "[]");
        upstream.OnJson("/coins", $"[{string.Join(',', coins.Take(30))},");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:PageSize", "7"));
        Assert.False((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Succeeded);
        upstream.OnJson("/coins", $"[{string.Join(',', Enumerable.Reverse(coins))}]");

        Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika)).Succeeded);

        Assert.Equal(60, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
    }

    private static byte[] Compress(string coding, byte[] body)
    {
        var compressed = new MemoryStream();
        using (Stream stream = coding switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Fastest),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest),
            _ => new BrotliStream(compressed, CompressionLevel.Fastest),
        })
        {
            stream.Write(body);
        }

        return compressed.ToArray();
    }

    private static Task SendAsync(HttpContext context, string coding, byte[] body)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers.ContentEncoding = coding.Length > 0 ? coding : default(Microsoft.Extensions.Primitives.StringValues);
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    private static async Task FailsAsync(IngestionHarness ingestion, params string[] reasons)
    {
        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal(RunStatus.Failed, outcome.Status);
        Assert.DoesNotContain("Unexpected", outcome.Error, StringComparison.Ordinal);
        Assert.All(reasons, reason => Assert.Contains(reason, outcome.Error, StringComparison.Ordinal));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
