using System.IO.Compression;
using System.Text.Json;
using Kasparro.Data;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Which of the upstreams' past prices are stored, and how missing and unusable ones are handled.</summary>
public sealed class BackfilledPriceTests(BackingServices services)
{
    private readonly BackfillHarness _backfills = new(services);

    [Fact]
    public async Task What_an_upstream_does_not_have_is_passed_over_and_what_cannot_be_used_is_dropped()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 1);
        upstream.OnStatus("/coins/coin-3/market_chart/range", 404, """{"error":"coin not found"}""");
        var at = BackfillHarness.Start.AddDays(-1).ToUnixTimeMilliseconds();
        upstream.OnJson("/coins/coin-2/market_chart/range", $$"""
            {"prices":[[{{at}},2],[{{at + 1}},0],[{{at + 2}},-3],[{{at + 3}},null],[{{at + 4}},"5"],[{{at + 5}},1e999],["x",6],[null,7],[],
                       8,[{{at / 1000}},9],[{{at + 86_400_000_000}},10],[{{at + 11}},11]],
             "market_caps":[[{{at}},0],[{{at + 11}},null],"x"],"total_volumes":[[{{at}},-1],[{{at + 11}},12]]}
            """);
        upstream.OnJson("/coins/coin-1/market_chart/range", """{"prices":"none"}"""); // The last one by rank.
        await using var ingestion = await _backfills.CreateAsync(upstream.Url);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await _backfills.OrderAsync(ingestion, top: 3);

        await BackfillHarness.WorkAsync(ingestion);

        Assert.Equal(
            ["2 | null | null", "5 | null | null", "11 | null | 12"],
            await ingestion.RowsAsync(
                "SELECT price_usd, market_cap_usd, volume_24h_usd FROM quotes WHERE quoted_at > '2026-11-01Z' ORDER BY 1", Cancellation));
        Assert.Equal(
            [
                "coin-1 | open | 0 | 0", "coin-1 | open | 0 | 0", "coin-2 | closed | 3 | 10", "coin-2 | closed | 0 | 13",
                "coin-3 | closed | 0 | 0", "coin-3 | closed | 0 | 0",
            ],
            await ingestion.RowsAsync(
                """
                SELECT external_id, CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END, points, dropped
                FROM backfill_windows ORDER BY external_id, ends_at DESC
                """, Cancellation));
        Assert.Single(upstream.Requests, request => request.Contains("coin-3/market_chart", StringComparison.Ordinal));
        Assert.Equal(
            ["failed | market_chart has no list of prices."],
            await ingestion.RowsAsync("SELECT status, error FROM ingestion_runs WHERE trigger = 'backfill'", Cancellation));

        // After a failure the source pauses, as after a failed scheduled run; then the window is tried again.
        upstream.OnJson("/coins/coin-1/market_chart/range", BackfillHarness.Chart((BackfillHarness.Start.AddDays(-1), 33)));
        await BackfillHarness.WorkAsync(ingestion);
        Assert.True(await BackfillHarness.HasOpenAsync(ingestion));
        _backfills.Time.Advance(TimeSpan.FromMinutes(1));
        await BackfillHarness.WorkAsync(ingestion);
        Assert.False(await BackfillHarness.HasOpenAsync(ingestion));
        Assert.Equal(33, await ingestion.ScalarAsync<double>("SELECT max(price_usd) FROM quotes", Cancellation));
    }

    [Theory]
    [InlineData(SourceNames.CoinGecko, "exceeds the allowed time range")]
    [InlineData(SourceNames.CoinPaprika, "is not allowed in this plan")]
    public async Task A_plan_that_does_not_reach_that_far_ends_it_with_the_vendors_word_after_one_call(string source, string told)
    {
        await using var simulator = await SimulatorHost.StartAsync(_backfills.Time, "--assets", "20");
        await using var ingestion = await _backfills.CreateAsync(
            simulator, ("Sources:CoinGecko:HistoryReach", "900.00:00:00"), ("Sources:CoinPaprika:HistoryReach", "900.00:00:00"));
        await ingestion.IngestAsync(Cancellation, source);
        var (from, to) = (BackfillHarness.Start.AddDays(-800), BackfillHarness.Start.AddDays(-500));
        await _backfills.OrderAsync(ingestion, top: 2, from, to, source);

        await BackfillHarness.WorkAsync(ingestion);

        Assert.Equal(1, await BackfillHarness.CountCallsAsync(simulator));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfills WHERE finished_at IS NULL", Cancellation));
        var errors = await ingestion.RowsAsync("SELECT error FROM backfill_windows", Cancellation);
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error =>
        {
            Assert.Contains(told, error, StringComparison.Ordinal);
            Assert.Contains("The plan does not cover this call", error, StringComparison.Ordinal);
        });
    }

    /// <summary>An expired key or a wrong URL can be fixed; what was ordered is read afterwards.</summary>
    [Theory]
    [InlineData(401, """{"error":"no"}""")]
    [InlineData(400, """{"error_code":10011}""")]
    [InlineData(404, "<html>nothing here</html>")]
    [InlineData(451, """{"error":"not in your country"}""")]
    public async Task What_somebody_can_mend_costs_no_past_prices(int status, string body)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 1, size: 2);
        foreach (var coin in (string[])["coin-1", "coin-2"])
        {
            upstream.OnStatus($"/coins/{coin}/market_chart/range", status, body);
        }

        await using var ingestion = await _backfills.CreateAsync(upstream.Url);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await _backfills.OrderAsync(ingestion, top: 2);

        await BackfillHarness.WorkAsync(ingestion);

        Assert.Single(upstream.Requests, request => request.Contains("market_chart", StringComparison.Ordinal));
        Assert.Equal(
            0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfill_windows WHERE closed_at IS NOT NULL", Cancellation));
        upstream.OnJson("/coins/coin-1/market_chart/range", BackfillHarness.Chart((BackfillHarness.Start.AddDays(-1), 33)));
        upstream.OnJson("/coins/coin-2/market_chart/range", BackfillHarness.Chart((BackfillHarness.Start.AddDays(-1), 34)));
        _backfills.Time.Advance(TimeSpan.FromMinutes(1));
        await BackfillHarness.WorkAsync(ingestion);
        Assert.False(await BackfillHarness.HasOpenAsync(ingestion));
        Assert.Equal(
            ["33", "34"], await ingestion.RowsAsync("SELECT price_usd FROM quotes WHERE price_usd IN (33, 34) ORDER BY 1", Cancellation));
    }

    [Fact]
    public async Task Within_the_plans_both_upstreams_tell_what_the_market_was()
    {
        await using var simulator = await SimulatorHost.StartAsync(_backfills.Time, "--assets", "20");
        await using var ingestion = await _backfills.CreateAsync(simulator);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        await _backfills.OrderAsync(ingestion, top: 1, from: BackfillHarness.Start.AddDays(-800), source: SourceNames.CoinPaprika);
        await _backfills.OrderAsync(ingestion, top: 1, from: BackfillHarness.Start.AddHours(-5), source: SourceNames.CoinPaprika);
        await _backfills.OrderAsync(ingestion, top: 1, from: BackfillHarness.Start.AddDays(-800), source: SourceNames.CoinGecko);

        await BackfillHarness.WorkAsync(ingestion);

        Assert.Equal(
            ["coingecko | 2161 | 0", "coingecko | 275 | 0", "coinpaprika | 365 | 0", "coinpaprika | 6 | 0"],
            (await ingestion.RowsAsync("SELECT source, points, dropped FROM backfill_windows WHERE error IS NULL", Cancellation))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Recorded_days_come_in_as_they_were_recorded()
    {
        var corpus = Path.GetDirectoryName(Path.GetDirectoryName(Corpus.Require("coingecko/markets-top100-daily.jsonl.gz")))!;
        var recorded = ReadRecorded(Path.Combine(corpus, "coingecko/markets-top100-daily.jsonl.gz"));
        _backfills.Time.AdjustTime(recorded.Max(point => point.At).AddMinutes(1));
        await using var simulator = await SimulatorHost.StartAsync("--recorded", corpus);
        await using var ingestion = await _backfills.CreateAsync(simulator, ("Sources:CoinGecko:PageSize", "250"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await ingestion.ExecuteAsync("DELETE FROM quotes", Cancellation);
        var coins = recorded.Select(point => point.Id).Distinct(StringComparer.Ordinal).ToList();
        await _backfills.OrderAsync(
            ingestion, from: _backfills.Time.GetUtcNow().AddDays(-300), source: SourceNames.CoinGecko,
            assets: await AssetsAsync(ingestion, coins));

        await BackfillHarness.WorkAsync(ingestion);

        var stored = await ingestion.RecordsAsync<StoredQuote>(
            """
            SELECT l.external_id, q.quoted_at, q.price_usd, q.market_cap_usd, q.volume_24h_usd
            FROM quotes q JOIN listings l ON l.listing_id = q.listing_id
            """, Cancellation);
        Assert.Equal(
            recorded.Select(point =>
                    (point.Id, At: point.At.UtcDateTime, Price: (double?)point.Price, Cap: point.Cap > 0 ? point.Cap : null, point.Volume))
                .OrderBy(point => point.Id, StringComparer.Ordinal).ThenBy(point => point.At),
            stored.Select(quote => (quote.Id, quote.At, quote.Price, quote.Cap, quote.Volume))
                .OrderBy(point => point.Id, StringComparer.Ordinal).ThenBy(point => point.At));
        Assert.Equal(2 * coins.Count, await BackfillHarness.CountCallsAsync(simulator));
        Assert.Equal(19_904, stored.Count);
    }

    private static List<RecordedPoint> ReadRecorded(string path)
    {
        var points = new List<RecordedPoint>();
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            using var day = JsonDocument.Parse(line);
            var recordedAt = day.RootElement.GetProperty("recorded_at").GetDateTimeOffset();
            points.AddRange(day.RootElement.GetProperty("body").EnumerateArray().Select(row => new RecordedPoint(
                recordedAt,
                row.GetProperty("id").GetString()!, row.GetProperty("last_updated").GetDateTimeOffset(),
                row.GetProperty("current_price").GetDouble(), Number(row, "market_cap"), Number(row, "total_volume"))));
        }

        // Of two records for the same moment, the later one counts.
        return [.. points.GroupBy(point => (point.Id, point.At)).Select(moment => moment.MaxBy(point => point.RecordedAt)!)];

        static double? Number(JsonElement row, string name) =>
            row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
    }

    private static async Task<Guid[]> AssetsAsync(IngestionHarness ingestion, IReadOnlyCollection<string> coins)
    {
        await using var command = ingestion.Database.CreateCommand(
            "SELECT asset_id FROM listings WHERE source = 'coingecko' AND external_id = ANY ($1)");
        command.Parameters.Add(new() { Value = coins.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        return [.. await reader.ReadAllAsync(row => row.GetGuid(0), Cancellation)];
    }

    private sealed record RecordedPoint(DateTimeOffset RecordedAt, string Id, DateTimeOffset At, double Price, double? Cap, double? Volume);

    private sealed record StoredQuote(string Id, DateTime At, double? Price, double? Cap, double? Volume);
}
