using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using Kasparro.Data.Runs;
using Kasparro.Ingestion;
using Kasparro.Ingestion.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NpgsqlTypes;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Past prices: read while no source is due, each window once.</summary>
public sealed class BackfillTests(BackingServices services)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interrupted_after_every_window_and_resumed_it_makes_the_same_rows_and_no_call_twice()
    {
        await using var simulator = await SimulatorHost.StartAsync(_time, "--assets", "20");
        await using var whole = await CreateAsync(simulator);
        await using var parts = await CreateAsync(simulator);
        await whole.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await parts.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await OrderAsync(whole, top: 4);
        await OrderAsync(parts, top: 4);

        await WorkAsync(whole);
        var calls = await CountCallsAsync(simulator);
        var sessions = 0;
        for (; await HasOpenAsync(parts) && sessions < 100; sessions++)
        {
            // Stops at the second look: each session ends after a window.
            using var stopping = new CancellationTokenSource();
            var looks = 0;
            await WorkUntilStoppedAsync(
                parts,
                async () =>
                {
                    if (++looks == 2)
                    {
                        await stopping.CancelAsync();
                    }

                    return TimeSpan.FromHours(1);
                },
                stopping.Token);
        }

        Assert.Equal(8, calls); // Four coins of two windows: hours of 90 days, days of the rest of the year.
        Assert.Equal(calls, sessions);
        Assert.Equal(2 * calls, await CountCallsAsync(simulator));
        Assert.Equal(await QuotesAsync(whole), await QuotesAsync(parts));
        await parts.IngestAsync(Cancellation, SourceNames.CoinGecko); // A worker that stops leaves candles to the next ingestion.
        Assert.Equal(await CandlesAsync(whole), await CandlesAsync(parts));
        Assert.Equal(
            ["completed", "cancelled x 8"],
            [
                .. await whole.RowsAsync("SELECT status FROM ingestion_runs WHERE trigger = 'backfill'", Cancellation),
                .. await parts.RowsAsync(
                    "SELECT status || ' x ' || count(*) FROM ingestion_runs WHERE trigger = 'backfill' GROUP BY status", Cancellation),
            ]);
        Assert.Equal(
            "8 | 8 | 0",
            Assert.Single(await parts.RowsAsync(
                "SELECT count(*), sum(r.pages), sum(r.rejected) FROM ingestion_runs r WHERE trigger = 'backfill'", Cancellation)));
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_call_lets_its_window_be_stored()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 1);
        await using var ingestion = await CreateAsync(upstream.Url);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        using var stops = new CancellationTokenSource();
        for (var coin = 1; coin <= 3; coin++)
        {
            upstream.On($"/coins/coin-{coin}/market_chart/range", async context =>
            {
                await stops.CancelAsync();
                await context.Response.WriteAsync(Chart((Now.AddDays(-1), 7)), context.RequestAborted);
            });
        }

        await OrderAsync(ingestion, top: 1, from: Now.AddDays(-2));
        await WorkUntilStoppedAsync(ingestion, () => Task.FromResult(TimeSpan.FromHours(1)), stops.Token);

        Assert.Single(upstream.Requests, request => request.Contains("market_chart", StringComparison.Ordinal));
        Assert.Equal(["7"], await ingestion.RowsAsync("SELECT price_usd FROM quotes WHERE quoted_at > '2026-11-01Z'", Cancellation));
        Assert.False(await HasOpenAsync(ingestion));
    }

    [Fact]
    public async Task It_gives_way_to_a_source_that_is_due_and_leaves_it_the_calls_of_the_minute_before()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 6, size: 1);
        await using var ingestion = await CreateAsync(upstream.Url, ("Sources:CoinGecko:RequestsPerMinute", "1000"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        for (var coin = 1; coin <= 6; coin++)
        {
            upstream.OnJson($"/coins/coin-{coin}/market_chart/range", Chart((Now.AddDays(-1), coin)));
        }

        await OrderAsync(ingestion, top: 6, from: Now.AddDays(-2));

        var working = WorkAsync(ingestion, () => Task.FromResult(CountCharts() < 3 ? TimeSpan.FromMinutes(2) : TimeSpan.Zero));
        await UntilAsync(() => working.IsCompleted);
        var late = await WorkAsync(ingestion, () => Task.FromResult(TimeSpan.FromSeconds(59)));

        Assert.Equal((TimeSpan.Zero, TimeSpan.FromSeconds(59)), (await working, late));
        Assert.Equal(3, CountCharts());
        Assert.Equal(3, await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfill_windows WHERE closed_at IS NULL", Cancellation));

        int CountCharts() => upstream.Requests.Count(request => request.Contains("market_chart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_leaves_half_of_a_minutes_calls_to_others_and_looks_for_them_while_it_pauses()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 2, size: 1);
        await using var ingestion = await CreateAsync(upstream.Url, ("Sources:CoinGecko:RequestsPerMinute", "60"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        for (var coin = 1; coin <= 2; coin++)
        {
            upstream.OnJson($"/coins/coin-{coin}/market_chart/range", Chart((Now.AddDays(-1), coin)));
        }

        await OrderAsync(ingestion, top: 2, from: Now.AddDays(-2));
        var isAsked = false;
        var working = WorkAsync(
            ingestion, () => Task.FromResult(Volatile.Read(ref isAsked) ? TimeSpan.Zero : TimeSpan.FromHours(1)));
        await Eventually.TrueAsync(
            async () => await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfill_windows WHERE closed_at IS NOT NULL", Cancellation)
                == 1,
            Cancellation);
        Volatile.Write(ref isAsked, true);
        await UntilAsync(() => working.IsCompleted);

        Assert.Equal(TimeSpan.Zero, await working);
        Assert.Single(upstream.Requests, request => request.Contains("market_chart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_schedule_reads_its_sources_while_an_upstream_holds_up_a_call_for_past_prices()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 1);
        upstream.On("/coins/coin-1/market_chart/range", context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, builder => builder.AddIngestionWorker(), ("Ingestion:Interval", "00:00:01"));
        await ingestion.IngestAsync(Cancellation);
        await OrderAsync(ingestion, top: 1, from: DateTimeOffset.UtcNow.AddDays(-2), to: DateTimeOffset.UtcNow);

        await ingestion.Host.StartAsync(Cancellation);
        await Eventually.TrueAsync(
            async () => await ingestion.ScalarAsync<long>(
                "SELECT count(*) FROM ingestion_runs WHERE trigger = 'schedule' AND status = 'completed' AND source = 'coingecko'",
                Cancellation) >= 3,
            Cancellation);
        await ingestion.Host.StopAsync(Cancellation);

        Assert.Contains(upstream.Requests, request => request.Contains("market_chart", StringComparison.Ordinal));
        Assert.Equal(
            "0 | null",
            Assert.Single(await ingestion.RowsAsync("SELECT attempts, error FROM backfill_windows WHERE closed_at IS NULL", Cancellation)));
    }

    [Fact]
    public async Task What_an_upstream_does_not_have_is_passed_over_and_what_cannot_be_used_is_dropped()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 1);
        upstream.OnStatus("/coins/coin-3/market_chart/range", 404, """{"error":"coin not found"}""");
        var at = Now.AddDays(-1).ToUnixTimeMilliseconds();
        upstream.OnJson("/coins/coin-2/market_chart/range", $$"""
            {"prices":[[{{at}},2],[{{at + 1}},0],[{{at + 2}},-3],[{{at + 3}},null],[{{at + 4}},"5"],[{{at + 5}},1e999],["x",6],[null,7],[],
                       8,[{{at / 1000}},9],[{{at + 86_400_000_000}},10],[{{at + 11}},11]],
             "market_caps":[[{{at}},0],[{{at + 11}},null],"x"],"total_volumes":[[{{at}},-1],[{{at + 11}},12]]}
            """);
        upstream.OnJson("/coins/coin-1/market_chart/range", """{"prices":"none"}"""); // The last by rank.
        await using var ingestion = await CreateAsync(upstream.Url);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await OrderAsync(ingestion, top: 3);

        await WorkAsync(ingestion);

        Assert.Equal(
            ["2 | null | null", "11 | null | 12"],
            await ingestion.RowsAsync(
                "SELECT price_usd, market_cap_usd, volume_24h_usd FROM quotes WHERE quoted_at > '2026-11-01Z' ORDER BY 1", Cancellation));
        Assert.Equal(
            [
                "coin-1 | open | 0 | 0", "coin-1 | open | 0 | 0", "coin-2 | closed | 2 | 11", "coin-2 | closed | 0 | 13",
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

        // After a failure the source rests, as after a scheduled run that failed; then the window comes again.
        upstream.OnJson("/coins/coin-1/market_chart/range", Chart((Now.AddDays(-1), 33)));
        await WorkAsync(ingestion);
        Assert.True(await HasOpenAsync(ingestion));
        _time.Advance(TimeSpan.FromMinutes(1));
        await WorkAsync(ingestion);
        Assert.False(await HasOpenAsync(ingestion));
        Assert.Equal(33, await ingestion.ScalarAsync<double>("SELECT max(price_usd) FROM quotes", Cancellation));
    }

    [Theory]
    [InlineData(SourceNames.CoinGecko, "exceeds the allowed time range")]
    [InlineData(SourceNames.CoinPaprika, "is not allowed in this plan")]
    public async Task A_plan_that_does_not_reach_that_far_ends_it_with_the_vendors_word_after_one_call(string source, string told)
    {
        await using var simulator = await SimulatorHost.StartAsync(_time, "--assets", "20");
        await using var ingestion = await CreateAsync(
            simulator, ("Sources:CoinGecko:HistoryReach", "900.00:00:00"), ("Sources:CoinPaprika:HistoryReach", "900.00:00:00"));
        await ingestion.IngestAsync(Cancellation, source);
        await OrderAsync(ingestion, top: 2, from: Now.AddDays(-800), to: Now.AddDays(-500), source: source);

        await WorkAsync(ingestion);

        Assert.Equal(1, await CountCallsAsync(simulator));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfills WHERE finished_at IS NULL", Cancellation));
        var errors = await ingestion.RowsAsync("SELECT error FROM backfill_windows", Cancellation);
        Assert.Equal(2, errors.Count);
        Assert.All(errors, error =>
        {
            Assert.Contains(told, error, StringComparison.Ordinal);
            Assert.Contains("The plan does not cover this call", error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Within_the_plans_both_upstreams_tell_what_the_market_was()
    {
        await using var simulator = await SimulatorHost.StartAsync(_time, "--assets", "20");
        await using var ingestion = await CreateAsync(simulator);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        await OrderAsync(ingestion, top: 1, from: Now.AddDays(-800), source: SourceNames.CoinPaprika);
        await OrderAsync(ingestion, top: 1, from: Now.AddHours(-5), source: SourceNames.CoinPaprika);
        await OrderAsync(ingestion, top: 1, from: Now.AddDays(-800), source: SourceNames.CoinGecko);

        await WorkAsync(ingestion);

        Assert.Equal(
            ["coingecko | 2161 | 0", "coingecko | 275 | 0", "coinpaprika | 365 | 0", "coinpaprika | 6 | 0"],
            (await ingestion.RowsAsync("SELECT source, points, dropped FROM backfill_windows WHERE error IS NULL", Cancellation))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_first_assets_get_a_past_after_the_first_ingestion_and_gaps_are_filled_newest_first()
    {
        await using var simulator = await SimulatorHost.StartAsync(_time, "--assets", "20");
        await using var ingestion = await CreateAsync(simulator, ("Backfill:TopAssets", "2"));
        await WorkAsync(ingestion);
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfills", Cancellation));

        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        _time.Advance(TimeSpan.FromHours(2)); // The processes' next look for gaps.
        await WorkAsync(ingestion);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        _time.Advance(TimeSpan.FromMinutes(10));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        _time.Advance(TimeSpan.FromHours(3));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await WorkAsync(ingestion);
        await WorkAsync(ingestion);

        Assert.Equal(
            ["first_start | null | 2 | 4 | 0", "gap | coingecko | 2 | 2 | 2", "gap | coingecko | 2 | 2 | 1"],
            await ingestion.RowsAsync(
                """
                SELECT b.origin, b.source, b.top, count(*),
                    dense_rank() OVER (PARTITION BY b.origin ORDER BY min(w.closed_at), b.starts_at DESC) - (b.origin = 'first_start')::int
                FROM backfills b JOIN backfill_windows w USING (backfill_id) WHERE b.finished_at IS NOT NULL
                GROUP BY b.backfill_id ORDER BY b.origin, b.starts_at
                """, Cancellation));
    }

    [Fact]
    public async Task What_an_operator_orders_meanwhile_comes_before_the_rest_of_the_first_start()
    {
        await using var simulator = await SimulatorHost.StartAsync(_time, "--assets", "20");
        await using var ingestion = await CreateAsync(simulator, ("Backfill:TopAssets", "2"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        var looks = 0;
        await WorkAsync(ingestion, async () =>
        {
            _time.Advance(TimeSpan.FromSeconds(1)); // A run begins later than the one before.
            if (++looks == 2)
            {
                await OrderAsync(ingestion, top: 1, source: SourceNames.CoinGecko, from: Now.AddDays(-3));
            }

            return TimeSpan.FromHours(1);
        });

        Assert.Equal(
            ["first_start | 2", "request | 1", "first_start | 2"],
            await ingestion.RowsAsync(
                """
                SELECT b.origin, r.pages FROM ingestion_runs r JOIN backfills b ON b.backfill_id = r.ingestion_id
                WHERE r.trigger = 'backfill' ORDER BY r.started_at, r.run_id
                """, Cancellation));
    }

    [Fact]
    public async Task Recorded_days_come_in_as_they_were_recorded()
    {
        var corpus = Path.GetDirectoryName(Path.GetDirectoryName(Corpus.Require("coingecko/markets-top100-daily.jsonl.gz")))!;
        var recorded = ReadRecorded(Path.Combine(corpus, "coingecko/markets-top100-daily.jsonl.gz"));
        _time.AdjustTime(recorded.Max(point => point.At).AddMinutes(1));
        await using var simulator = await SimulatorHost.StartAsync("--recorded", corpus);
        await using var ingestion = await CreateAsync(simulator, ("Sources:CoinGecko:PageSize", "250"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await ExecuteAsync(ingestion, "DELETE FROM quotes");
        var coins = recorded.Select(point => point.Id).Distinct(StringComparer.Ordinal).ToList();
        await OrderAsync(
            ingestion, from: _time.GetUtcNow().AddDays(-300), source: SourceNames.CoinGecko,
            assets: await AssetsAsync(ingestion, coins));

        await WorkAsync(ingestion);

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
        Assert.Equal(2 * coins.Count, await CountCallsAsync(simulator));
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

        // Of two words on one moment, the later one counts.
        return [.. points.GroupBy(point => (point.Id, point.At)).Select(moment => moment.MaxBy(point => point.RecordedAt)!)];

        static double? Number(JsonElement row, string name) =>
            row.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
    }

    private static string Chart((DateTimeOffset At, double Price) point) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"prices":[[{{point.At.ToUnixTimeMilliseconds()}},{{point.Price}}]],"market_caps":[],"total_volumes":[]}""");

    private Task<IngestionHarness> CreateAsync(SimulatorHost simulator, params (string Key, string? Value)[] overrides) => CreateAsync(
        "http://127.0.0.1:9/",
        [
            ("Sources:CoinGecko:BaseUrl", $"{simulator.Client.BaseAddress}coingecko/api/v3/"),
            ("Sources:CoinPaprika:BaseUrl", $"{simulator.Client.BaseAddress}coinpaprika/v1/"),
            .. overrides,
        ]);

    private Task<IngestionHarness> CreateAsync(string upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(
            services, upstream, Cancellation,
            builder =>
            {
                builder.AddIngestionWorker();
                builder.Services.AddSingleton<TimeProvider>(_time);
            },
            overrides);

    /// <summary>What a worker does while no source is due, which is for an hour, unless a look says otherwise.</summary>
    private static Task<TimeSpan> WorkAsync(IngestionHarness ingestion, Func<Task<TimeSpan>>? look = null) =>
        WorkUntilStoppedAsync(ingestion, look ?? (() => Task.FromResult(TimeSpan.FromHours(1))), Cancellation);

    private static Task<TimeSpan> WorkUntilStoppedAsync(
        IngestionHarness ingestion, Func<Task<TimeSpan>> look, CancellationToken stopping) =>
        ingestion.Host.Services.GetRequiredService<ISpareTimeWork>().WorkAsync(_ => look(), stopping);

    /// <summary>Lets time pass until something is so.</summary>
    private Task UntilAsync(Func<bool> isSo) => Eventually.TrueAsync(
        () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(isSo());
        },
        Cancellation);

    private async Task OrderAsync(
        IngestionHarness ingestion, int? top = null, DateTimeOffset? from = null, DateTimeOffset? to = null, string? source = null,
        Guid[]? assets = null)
    {
        var now = _time.GetUtcNow();
        await using var command = ingestion.Database.CreateCommand(Backfill.InsertSql);
        command.Parameters.Add(new() { Value = Guid.CreateVersion7(now) });
        command.Parameters.Add(new() { Value = BackfillOrigin.Request });
        command.Parameters.Add(new() { Value = (object?)assets ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        command.Parameters.Add(new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)top ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(new() { Value = from ?? now.AddDays(-365) });
        command.Parameters.Add(new() { Value = to ?? now });
        command.Parameters.Add(new() { Value = now });
        command.Parameters.Add(new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<int> CountCallsAsync(SimulatorHost simulator) => (await simulator.GetAsync("/requests")).EnumerateArray()
        .Where(route => route.GetProperty("route").GetString()!.Contains("{id}", StringComparison.Ordinal))
        .Sum(route => route.GetProperty("requests").GetInt32());

    private static async Task<bool> HasOpenAsync(IngestionHarness ingestion) => await ingestion.ScalarAsync<bool>(
        $"SELECT EXISTS (SELECT FROM backfills b WHERE {Backfill.IsActive})", Cancellation);

    private static Task<IReadOnlyList<string>> QuotesAsync(IngestionHarness ingestion) => ingestion.RowsAsync(
        "SELECT listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd FROM quotes ORDER BY 1, 2", Cancellation);

    private static Task<IReadOnlyList<string>> CandlesAsync(IngestionHarness ingestion) => ingestion.RowsAsync(
        "SELECT * FROM daily_candles_between(NULL, '2025-01-01', '2027-01-01') ORDER BY listing_id, begins", Cancellation);

    private static async Task<Guid[]> AssetsAsync(IngestionHarness ingestion, IReadOnlyCollection<string> coins)
    {
        await using var command = ingestion.Database.CreateCommand(
            "SELECT asset_id FROM listings WHERE source = 'coingecko' AND external_id = ANY ($1)");
        command.Parameters.Add(new() { Value = coins.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var assets = new List<Guid>();
        while (await reader.ReadAsync(Cancellation))
        {
            assets.Add(reader.GetGuid(0));
        }

        return [.. assets];
    }

    private static async Task ExecuteAsync(IngestionHarness ingestion, string sql)
    {
        await using var command = ingestion.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private sealed record RecordedPoint(DateTimeOffset RecordedAt, string Id, DateTimeOffset At, double Price, double? Cap, double? Volume);

    private sealed record StoredQuote(string Id, DateTime At, double? Price, double? Cap, double? Volume);
}
