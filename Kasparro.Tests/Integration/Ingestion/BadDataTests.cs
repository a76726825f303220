using Kasparro.Data.Runs;
using Kasparro.Ingestion.Postgres;
using Kasparro.Ingestion.Runs;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class BadDataTests(BackingServices services)
{
    private const string Key = "CG-very-secret-0123456789";

    [Theory]
    [InlineData(30, 15, "0.5", RunStatus.Completed)]
    [InlineData(30, 16, "0.5", RunStatus.Failed)]
    [InlineData(20, 1, "0", RunStatus.Failed)]
    [InlineData(19, 19, "0.5", RunStatus.Completed)] // Too few to judge.
    [InlineData(30, 30, "1", RunStatus.Completed)]
    public async Task A_page_that_is_mostly_bad_fails_its_run_and_loads_nothing(int size, int bad, string limit, string status)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), PageWith(size, bad));
        await using var ingestion = await CreateAsync(upstream, ("Ingestion:MaxRejectedShare", limit));

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal(status, outcome.Status);
        Assert.Equal(bad, await ingestion.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
        Assert.Equal(
            status == RunStatus.Failed ? 0 : size - bad, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
        Assert.Equal(bad, await ingestion.ScalarAsync<long>("SELECT rejected FROM ingestion_runs", Cancellation));
    }

    /// <summary>Positions and prices differ between responses, but the fault is the same.</summary>
    [Fact]
    public async Task A_record_that_is_rejected_again_is_one_row_which_shows_it_as_it_came_last()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        foreach (var (before, cap) in new[] { ("", 100), ("""{"id":"a","symbol":"a","name":"A","current_price":1},""", 200) })
        {
            upstream.OnJson(
                StubUpstream.Market(1), $$"""[{{before}}{"id":"b","symbol":"b","name":"","current_price":1,"market_cap":{{cap}}}]""");
            await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        }

        Assert.Equal(
            ["b | 200"],
            await ingestion.RowsAsync("SELECT external_id, payload::json ->> 'market_cap' FROM rejected_records", Cancellation));
    }

    [Fact]
    public async Task A_page_that_was_refused_is_read_again_by_the_next_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 3, size: 30);
        upstream.OnJson(StubUpstream.Market(2), PageWith(30, 30));
        await using var ingestion = await CreateAsync(upstream);
        var refused = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        upstream.Markets(pages: 3, size: 30);

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Contains("30 of 30 records of page 2", refused.Error, StringComparison.Ordinal);
        Assert.Equal((RunStatus.Completed, 60), (outcome.Status, outcome.Totals.Inserted));
    }

    [Fact]
    public async Task Refused_records_are_not_kept_under_a_stale_token()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        upstream.On(StubUpstream.Market(1), async context =>
        {
            await ingestion.Host.Services.GetRequiredService<LeaseStore>().DrawTokenAsync(context.RequestAborted);
            await context.Response.WriteAsync(PageWith(30, 30), context.RequestAborted);
        });

        var outcome = Assert.Single((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal(RunStatus.LostLock, outcome.Status);
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
    }

    [Fact]
    public async Task Rejected_records_are_kept_without_the_configured_keys()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $$"""[{"id":"a","symbol":"a","name":"A","current_price":"{{Key}}"}]""");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:ApiKey", Key));

        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.Equal(
            ["""{"id":"a","symbol":"a","name":"A","current_price":"[secret]"} | current_price is not a number: '[secret]'."""],
            await ingestion.RowsAsync("SELECT payload, detail FROM rejected_records", Cancellation));
    }

    [Fact]
    public async Task Replay_loads_what_todays_rules_accept_and_keeps_the_rest()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(
            StubUpstream.Market(1),
            $"[{StubUpstream.Coin("new", "n", "New", 1)},{StubUpstream.Coin("known", "k", "Known", 2)},"
                + $"{StubUpstream.Coin("bad", "b", "Bad", 3)}]");
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        // As if an older release had rejected four records: one never seen since, one whose listing has newer data, and two that are still
        // bad.
        await ingestion.ExecuteAsync($$"""
            DELETE FROM quotes USING listings l WHERE l.listing_id = quotes.listing_id AND l.external_id = 'new';
            DELETE FROM listings WHERE external_id = 'new';
            DELETE FROM assets WHERE symbol = 'N';
            UPDATE catalogue_counts SET count = count - 1 WHERE scope IN ('assets', 'coingecko');
            INSERT INTO rejected_records (source, stream, fingerprint, run_id, position, reason, detail, payload, rejected_at)
            SELECT 'coingecko', 'markets', gen_random_uuid(), gen_random_uuid(), 1, 'old_rule', '', payload, '2026-01-01'
            FROM unnest(ARRAY['{{StubUpstream.Coin("new", "n", "New", 10)}}', '{{StubUpstream.Coin("known", "k", "Known", 20)}}',
                              '{"id":"bad","symbol":"b"}', '{"cut']) AS payload
            """, Cancellation);

        var replay = await ingestion.Host.Services.GetRequiredService<RejectedReplay>().RunAsync([], Cancellation);

        Assert.Equal(
            [new SourceReplay(SourceNames.CoinPaprika, 0, 0, 0), new SourceReplay(SourceNames.CoinGecko, 1, 1, 2)], replay.Sources);
        Assert.Equal(
            ["bad | 3", "known | 2", "new | 10"],
            await ingestion.RowsAsync("SELECT external_id, price_usd FROM listings ORDER BY 1", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
        Assert.Equal(
            [new ReplayRun("completed", Read: 2, Inserted: 1, Rejected: 1)],
            await ingestion.RecordsAsync<ReplayRun>(
                "SELECT status, records_read, inserted, rejected FROM ingestion_runs WHERE trigger = 'replay' AND source = 'coingecko'",
                Cancellation));
        Assert.Equal(["1"], await ingestion.RowsAsync("SELECT page FROM checkpoints WHERE stream = 'markets'", Cancellation));
    }

    [Fact]
    public async Task Replay_is_a_command_that_says_what_it_did()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.ExecuteAsync($$"""
            INSERT INTO rejected_records (source, stream, fingerprint, run_id, position, reason, detail, payload, rejected_at)
            VALUES ('coingecko', 'markets', gen_random_uuid(), gen_random_uuid(), 1, 'old_rule', '',
                    '{{StubUpstream.Coin("a", "a", "A", 1)}}', now())
            """, Cancellation);

        using var process =
            IngestionProcess.Start(ingestion.Settings, Cancellation, "ingest", "--replay-rejected", "--source", SourceNames.CoinGecko);
        var (exitCode, output) = await process.WaitAsync(Cancellation);

        Assert.Equal(ExitCodes.Completed, exitCode);
        Assert.Contains("coingecko: 1 rejected records read again: 1 loaded", output, StringComparison.Ordinal);
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
    }

    private static string PageWith(int size, int bad)
    {
        var coins = Enumerable.Range(1, size)
            .Select(n => n <= bad ? $$"""{"id":"x{{n}}"}""" : StubUpstream.Coin($"x{n}", "x", $"X {n}", n));
        return $"[{string.Join(',', coins)}]";
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);

    private sealed record ReplayRun(string Status, long Read, long Inserted, long Rejected);
}
