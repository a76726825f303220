using Kasparro.Ingestion;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>When past prices are read: only while no source is due, each window once.</summary>
public sealed class BackfillTests(BackingServices services)
{
    private readonly BackfillHarness _backfills = new(services);

    [Fact]
    public async Task Interrupted_after_every_window_and_resumed_it_makes_the_same_rows_and_no_call_twice()
    {
        await using var simulator = await SimulatorHost.StartAsync(_backfills.Time, "--assets", "20");
        await using var whole = await _backfills.CreateAsync(simulator);
        await using var parts = await _backfills.CreateAsync(simulator);
        await whole.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await parts.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await _backfills.OrderAsync(whole, top: 4);
        await _backfills.OrderAsync(parts, top: 4);

        await BackfillHarness.WorkAsync(whole);
        var calls = await BackfillHarness.CountCallsAsync(simulator);
        var sessions = 0;
        for (; await BackfillHarness.HasOpenAsync(parts) && sessions < 100; sessions++)
        {
            // Stops at the second check, so that each session ends after one window.
            using var stopping = new CancellationTokenSource();
            var looks = 0;
            await BackfillHarness.WorkUntilStoppedAsync(
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

        Assert.Equal(8, calls); // Four coins with two windows each: hourly prices of 90 days and daily prices of the rest of the year.
        Assert.Equal(calls, sessions);
        Assert.Equal(2 * calls, await BackfillHarness.CountCallsAsync(simulator));
        Assert.Equal(await QuotesAsync(whole), await QuotesAsync(parts));
        await parts.IngestAsync(Cancellation, SourceNames.CoinGecko); // A stopped worker leaves the rollup to the next ingestion.
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
        await using var ingestion = await _backfills.CreateAsync(upstream.Url);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        using var stops = new CancellationTokenSource();
        for (var coin = 1; coin <= 3; coin++)
        {
            upstream.On($"/coins/coin-{coin}/market_chart/range", async context =>
            {
                await stops.CancelAsync();
                await context.Response.WriteAsync(BackfillHarness.Chart((BackfillHarness.Start.AddDays(-1), 7)), context.RequestAborted);
            });
        }

        await _backfills.OrderAsync(ingestion, top: 1, from: BackfillHarness.Start.AddDays(-2));
        await BackfillHarness.WorkUntilStoppedAsync(ingestion, () => Task.FromResult(TimeSpan.FromHours(1)), stops.Token);

        Assert.Single(upstream.Requests, request => request.Contains("market_chart", StringComparison.Ordinal));
        Assert.Equal(["7"], await ingestion.RowsAsync("SELECT price_usd FROM quotes WHERE quoted_at > '2026-11-01Z'", Cancellation));
        Assert.False(await BackfillHarness.HasOpenAsync(ingestion));
    }

    [Fact]
    public async Task It_gives_way_to_a_source_that_is_due_and_leaves_it_the_calls_of_the_minute_before()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 6, size: 1);
        await using var ingestion = await _backfills.CreateAsync(upstream.Url, ("Sources:CoinGecko:RequestsPerMinute", "1000"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        for (var coin = 1; coin <= 6; coin++)
        {
            upstream.OnJson($"/coins/coin-{coin}/market_chart/range", BackfillHarness.Chart((BackfillHarness.Start.AddDays(-1), coin)));
        }

        await _backfills.OrderAsync(ingestion, top: 6, from: BackfillHarness.Start.AddDays(-2));

        var working = BackfillHarness.WorkAsync(
            ingestion, () => Task.FromResult(CountCharts() < 3 ? TimeSpan.FromMinutes(2) : TimeSpan.Zero));
        await _backfills.UntilAsync(() => working.IsCompleted);
        var late = await BackfillHarness.WorkAsync(ingestion, () => Task.FromResult(TimeSpan.FromSeconds(59)));

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
        await using var ingestion = await _backfills.CreateAsync(upstream.Url, ("Sources:CoinGecko:RequestsPerMinute", "60"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        for (var coin = 1; coin <= 2; coin++)
        {
            upstream.OnJson($"/coins/coin-{coin}/market_chart/range", BackfillHarness.Chart((BackfillHarness.Start.AddDays(-1), coin)));
        }

        await _backfills.OrderAsync(ingestion, top: 2, from: BackfillHarness.Start.AddDays(-2));
        var isAsked = false;
        var working = BackfillHarness.WorkAsync(
            ingestion, () => Task.FromResult(Volatile.Read(ref isAsked) ? TimeSpan.Zero : TimeSpan.FromHours(1)));
        await Eventually.TrueAsync(
            async () => await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfill_windows WHERE closed_at IS NOT NULL", Cancellation)
                == 1,
            Cancellation);
        Volatile.Write(ref isAsked, true);
        await _backfills.UntilAsync(() => working.IsCompleted);

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
        await _backfills.OrderAsync(ingestion, top: 1, from: DateTimeOffset.UtcNow.AddDays(-2), to: DateTimeOffset.UtcNow);

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
    public async Task The_first_assets_get_a_past_after_the_first_ingestion_and_gaps_are_filled_newest_first()
    {
        await using var simulator = await SimulatorHost.StartAsync(_backfills.Time, "--assets", "20");
        await using var ingestion = await _backfills.CreateAsync(simulator, ("Backfill:TopAssets", "2"));
        await BackfillHarness.WorkAsync(ingestion);
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM backfills", Cancellation));

        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        _backfills.Time.Advance(TimeSpan.FromHours(2)); // Until the next check for gaps.
        await BackfillHarness.WorkAsync(ingestion);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        _backfills.Time.Advance(TimeSpan.FromMinutes(10));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        _backfills.Time.Advance(TimeSpan.FromHours(3));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        await BackfillHarness.WorkAsync(ingestion);
        await BackfillHarness.WorkAsync(ingestion);

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
        await using var simulator = await SimulatorHost.StartAsync(_backfills.Time, "--assets", "20");
        await using var ingestion = await _backfills.CreateAsync(simulator, ("Backfill:TopAssets", "2"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        var looks = 0;
        await BackfillHarness.WorkAsync(ingestion, async () =>
        {
            _backfills.Time.Advance(TimeSpan.FromSeconds(1)); // So that each run begins later than the previous one.
            if (++looks == 2)
            {
                await _backfills.OrderAsync(ingestion, top: 1, source: SourceNames.CoinGecko, from: BackfillHarness.Start.AddDays(-3));
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

    private static Task<IReadOnlyList<string>> QuotesAsync(IngestionHarness ingestion) => ingestion.RowsAsync(
        "SELECT listing_id, quoted_at, price_usd, market_cap_usd, volume_24h_usd FROM quotes ORDER BY 1, 2", Cancellation);

    private static Task<IReadOnlyList<string>> CandlesAsync(IngestionHarness ingestion) => ingestion.RowsAsync(
        "SELECT * FROM daily_candles_between(NULL, '2025-01-01', '2027-01-01') ORDER BY listing_id, begins", Cancellation);
}
