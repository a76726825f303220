using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Quotes that are out of order or have no price or no time: the newest one with a value counts, all others are history.</summary>
public sealed class QuoteOrderTests(BackingServices services) : IDisposable
{
    private const string HistorySql =
        "SELECT q.price_usd FROM quotes q JOIN listings l USING (listing_id) ORDER BY l.external_id, q.quoted_at";

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");

    [Theory]
    [InlineData("5 4 3 2 1", 5_000)]
    [InlineData("1 2 3 4 5", 5_000)]
    [InlineData("3 5 1 4 2", 5_000)]
    [InlineData("5 4 3 2 1", 1)]
    [InlineData("1 2 3 4 5", 2)]
    [InlineData("3 5 1 4 2", 3)]
    public async Task A_history_file_gives_every_quote_and_the_newest_price_in_any_order_and_pages(string days, int pageSize)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, ("Sources:Csv:PageSize", $"{pageSize}"));
        await WriteAsync(
            days.Split(' ')
                .Select(day => $"zeta-t,ZZT,Zeta Test,{day}.5,2026-11-{int.Parse(day, CultureInfo.InvariantCulture):00}T00:00:00Z"));

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.Csv);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(["1.5", "2.5", "3.5", "4.5", "5.5"], await ingestion.RowsAsync(HistorySql, Cancellation));
        Assert.Equal(5.5, await ingestion.ScalarAsync<double>("SELECT price_usd FROM assets", Cancellation));
        var totals = Assert.Single(outcome.Sources).Totals;
        Assert.Equal((5, 1, 4), (totals.Read, totals.Inserted, totals.Updated));
    }

    [Theory]
    [InlineData("1 2 3", 5_000)]
    [InlineData("3 2 1", 5_000)]
    [InlineData("1 2 3", 1)]
    [InlineData("3 2 1", 1)]
    public async Task A_history_whose_newest_rows_have_no_values_keeps_the_price_before_them(string days, int pageSize)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, ("Sources:Csv:PageSize", $"{pageSize}"));
        await WriteAsync(days.Split(' ').SelectMany(day => new[]
        {
            $"a,A,A,{(day is "3" ? "" : day)},2026-11-0{day}",
            $"b,B,B,{(day is "1" ? "7" : "0")},2026-11-0{day}",
            $"c,C,C,,2026-11-0{day}",
        }));

        await ingestion.IngestAsync(Cancellation, SourceNames.Csv);

        Assert.Equal(["1", "2", "7"], await ingestion.RowsAsync(HistorySql, Cancellation));
        Assert.Equal(
            ["a | 2", "b | 7", "c | null"],
            await ingestion.RowsAsync("SELECT external_id, price_usd FROM listings ORDER BY 1", Cancellation));
    }

    [Fact]
    public async Task A_history_file_read_again_with_a_row_more_adds_that_row_alone()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        string[] rows = ["a,A,A,2,2026-11-02", "a,A,A,1,2026-11-01", "b,B,B,7,2026-11-02", "b,B,B,7,2026-11-01"];
        await WriteAsync(rows);
        await ingestion.IngestAsync(Cancellation, SourceNames.Csv);

        await WriteAsync(["a,A,A,3,2026-11-03", .. rows]);
        var totals = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.Csv)).Sources).Totals;

        Assert.Equal((5, 0, 1, 4), (totals.Read, totals.Inserted, totals.Updated, totals.Unchanged));
        Assert.Equal(["1", "2", "3", "7", "7"], await ingestion.RowsAsync(HistorySql, Cancellation));
        Assert.Equal(["3", "7"], await ingestion.RowsAsync("SELECT price_usd FROM listings ORDER BY external_id", Cancellation));
    }

    [Fact]
    public async Task An_older_quote_goes_to_the_history_and_leaves_the_price_as_it_is()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        upstream.OnJson(StubUpstream.Market(1), Market(60000, "2026-11-20T12:10:00.000Z"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        var updatedAt = await ingestion.ScalarAsync<DateTime>("SELECT updated_at FROM assets", Cancellation);
        var version = await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation);

        upstream.OnJson(StubUpstream.Market(1), Market(55000, "2026-11-20T11:00:00.000Z"));
        var late = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources).Totals;
        var again = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources).Totals;

        Assert.Equal((1, 0), (late.Updated, again.Updated));
        Assert.Equal(["55000", "60000"], await ingestion.RowsAsync(HistorySql, Cancellation));
        Assert.Equal(60000, await ingestion.ScalarAsync<double>("SELECT price_usd FROM assets", Cancellation));
        Assert.Equal(updatedAt, await ingestion.ScalarAsync<DateTime>("SELECT updated_at FROM assets", Cancellation));
        Assert.Equal(version + 1, await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT sum(records) FROM raw_pages", Cancellation));

        upstream.OnJson(StubUpstream.Market(1), Market(61000, "2026-11-20T12:20:00.000Z"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        Assert.Equal(61000, await ingestion.ScalarAsync<double>("SELECT price_usd FROM assets", Cancellation));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.0")]
    [InlineData("-0.0")]
    [InlineData("1e-400")]
    public async Task A_price_of_zero_is_no_price(string zero)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins",
            """[{"id":"zzt-zeta-test","name":"Zeta Test","symbol":"ZZT","rank":0,"is_new":false,"is_active":true,"type":"token"}]""");
        upstream.OnJson("/tickers", $$$"""
            [{"id":"zzt-zeta-test","name":"Zeta Test","symbol":"ZZT","rank":0,"last_updated":"2026-11-20T12:00:00Z",
              "quotes":{"USD":{"price":{{{zero}}},"volume_24h":0,"market_cap":0} } }]
            """);
        upstream.OnJson(StubUpstream.Market(1), """
            [{"id":"zeta-test","symbol":"zzt","name":"Zeta Test","current_price":0.0042,"market_cap":0,"market_cap_rank":null,
              "total_volume":812.5,"last_updated":"2026-11-20T12:00:00.000Z"}]
            """);
        await using var ingestion = await CreateAsync(upstream);

        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal(["0.0042 | coingecko"], await ingestion.RowsAsync("SELECT price_usd, source FROM assets", Cancellation));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM quotes WHERE price_usd <= 0", Cancellation));
    }

    [Fact]
    public async Task A_price_of_zero_in_a_file_is_no_price()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        await WriteAsync(["a,A,A,0,2026-11-01", "a,A,A,-0.00,2026-11-02", "a,A,A,4,2026-11-03", "b,B,B,0.00,2026-11-01"]);

        await ingestion.IngestAsync(Cancellation, SourceNames.Csv);

        Assert.Equal(
            ["a | 4", "b | null"], await ingestion.RowsAsync("SELECT external_id, price_usd FROM listings ORDER BY 1", Cancellation));
        Assert.Equal(["4"], await ingestion.RowsAsync(HistorySql, Cancellation));
    }

    /// <summary>
    /// The last known price is not the current price: it stays in the history, and the asset gets another source's price.
    /// </summary>
    [Theory]
    [InlineData("0")]
    [InlineData("null")]
    public async Task A_price_that_its_source_no_longer_has_is_unknown_until_it_has_one_again(string none)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync("5", "12:00");

        await IngestAsync(none, "12:10");
        Assert.Equal(["null | 12:10"], await ListedAsync());
        Assert.Equal(["null"], await ingestion.RowsAsync("SELECT price_usd FROM assets", Cancellation));
        Assert.Equal(
            ["5"], await ingestion.RowsAsync("SELECT price_usd FROM quotes WHERE price_usd IS NOT NULL ORDER BY quoted_at", Cancellation));

        await IngestAsync("6", "12:20");
        Assert.Equal(["6 | 12:20"], await ListedAsync());

        async Task IngestAsync(string price, string time)
        {
            upstream.OnJson(StubUpstream.Market(1), $$"""
                [{"id":"zeta-t","symbol":"zzt","name":"Zeta Test","current_price":{{price}},"market_cap":100,"market_cap_rank":1,
                  "total_volume":5000,"last_updated":"2026-11-20T{{time}}:00.000Z"}]
                """);
            Assert.True((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        }

        Task<IReadOnlyList<string>> ListedAsync() =>
            ingestion.RowsAsync("SELECT price_usd, to_char(quoted_at AT TIME ZONE 'UTC', 'HH24:MI') FROM listings", Cancellation);
    }

    [Fact]
    public async Task A_quote_without_a_time_is_as_old_as_its_reading()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await File.WriteAllTextAsync(_file, "id,symbol,name,price_usd,market_cap_usd\nzeta-t,ZZT,Zeta Test,0.50,1000000\n", Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.Csv);
        await ingestion.ExecuteAsync(
            "UPDATE listings SET quote_seen_at = now() - interval '60 days', created_at = now() - interval '60 days'", Cancellation);
        var now = DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        upstream.OnJson(StubUpstream.Market(1), $$"""
            [{"id":"zeta-test","symbol":"zzt","name":"Zeta Test","current_price":1.23,"market_cap":0,"market_cap_rank":null,
              "total_volume":1,"last_updated":"{{now}}"}]
            """);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(["1.23 | coingecko"], await ingestion.RowsAsync("SELECT price_usd, source FROM assets", Cancellation));
    }

    public void Dispose() => File.Delete(_file);

    private static string Market(double price, string time) => string.Create(CultureInfo.InvariantCulture, $$"""
        [{"id":"zeta-t","symbol":"zzt","name":"Zeta Test","current_price":{{price}},"market_cap":{{price * 20000}},"market_cap_rank":1,
          "total_volume":5000,"last_updated":"{{time}}"}]
        """);

    private Task WriteAsync(IEnumerable<string> rows) =>
        File.WriteAllTextAsync(_file, $"id,symbol,name,price_usd,updated_at\n{string.Join('\n', rows)}\n", Cancellation);

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, [("Sources:Csv:Path", _file), .. overrides]);
}
