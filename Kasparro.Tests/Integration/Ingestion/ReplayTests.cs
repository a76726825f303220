using Kasparro.Data.Runs;
using Kasparro.Ingestion.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Rejected records that are replayed take the same path as every page.</summary>
public sealed class ReplayTests(BackingServices services)
{
    [Fact]
    public async Task Replay_obeys_the_operators_overrides()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", """[{"id":"foo-foo","name":"Foo","symbol":"FOO","rank":1,"is_active":true}]""");
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("foo", "foo", "Foo", 1)}]");
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        Guid[] pair = [StableId.ForListing(SourceNames.CoinPaprika, "foo-foo"), StableId.ForListing(SourceNames.CoinGecko, "foo")];
        await ingestion.ExecuteAsync($"""
            INSERT INTO identity_override_changes (listing_id, other_id, is_same, reason, changed_by, changed_at, request_id)
            VALUES ('{pair.Min()}', '{pair.Max()}', false, 'a test', 'Operator:Key', now(), 'x')
            """, Cancellation);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
        await RejectAsync(ingestion, "markets", StubUpstream.Coin("foo", "foo", "Foo!", 2), "now()");

        await using var other = IngestionHarness.Create(ingestion.Settings);
        await ReplayAsync(other);

        Assert.Equal(["Foo!"], await ingestion.RowsAsync("SELECT name FROM listings WHERE source = 'coingecko'", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
    }

    [Fact]
    public async Task Replay_obeys_the_policy_of_a_field_that_drifted()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var rejecting =
            await CreateAsync(upstream, ("SchemaDrift:Fields:current_price", "RejectRecord"), ("SchemaDrift:Default", "Ignore"));
        await RejectAsync(rejecting, "markets", """{"id":"a","symbol":"a","name":"A","price_now":1}""", "now()");
        Assert.Equal(
            1, Assert.Single((await ReplayAsync(rejecting)).Sources, source => source.Source == SourceNames.CoinGecko).StillRejected);

        await using var failing = IngestionHarness.Create(
            rejecting.Settings, ("SchemaDrift:Fields:current_price", "FailRun"), ("SchemaDrift:Default", "Ignore"));
        var failed = Assert.Single((await ReplayAsync(failing)).Sources, source => source.Source == SourceNames.CoinGecko);

        Assert.Contains("current_price is missing", failed.Error, StringComparison.Ordinal);
        Assert.Equal(0, await failing.ScalarAsync<long>("SELECT count(*) FROM listings", Cancellation));
        Assert.Equal(
            [RunStatus.Completed, RunStatus.Failed],
            await failing.RowsAsync("SELECT status FROM ingestion_runs WHERE source = 'coingecko' ORDER BY started_at", Cancellation));
        Assert.Contains(
            "current_price is missing",
            await failing.ScalarAsync<string>("SELECT error FROM ingestion_runs WHERE status = 'failed'", Cancellation),
            StringComparison.Ordinal);
        Assert.Equal(1, await failing.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
    }

    [Fact]
    public async Task What_a_replay_loads_is_found_by_the_search()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream);
        await RejectAsync(ingestion, "markets", StubUpstream.Coin("a", "a", "Findable", 1), "now()");

        await ReplayAsync(ingestion);

        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM asset_search", Cancellation));
    }

    [Fact]
    public async Task A_rejected_record_of_the_list_of_all_coins_can_be_replayed()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"));
        await RejectAsync(ingestion, "list",
            """{"id":"a","symbol":"a","name":"A","platforms":{"ethereum":"0x00000000000000000000000000000000000000AA"} }""", "now()");

        await ReplayAsync(ingestion);

        Assert.Equal(["A | A | 0x00000000000000000000000000000000000000aa"], await ingestion.RowsAsync(
            "SELECT l.symbol, l.name, p.address FROM listings l JOIN asset_platforms p USING (listing_id)", Cancellation));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
    }

    [Fact]
    public async Task A_rejected_profile_is_superseded_by_a_later_profile_and_not_by_a_later_quote()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", """[{"id":"foo-foo","name":"Foo","symbol":"FOO","rank":1,"is_active":true}]""");
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);
        await RejectAsync(ingestion, "coins", """{"id":"foo-foo","name":"Foo Renamed","symbol":"FOO","rank":1,"is_active":true}""", "now()",
            SourceNames.CoinPaprika);
        upstream.OnJson("/tickers", """
            [{"id":"foo-foo","name":"Foo","symbol":"FOO","rank":1,"last_updated":"2026-01-01T00:00:00Z",
              "quotes":{"USD":{"price":2,"volume_24h":1,"market_cap":3} } }]
            """);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);

        var replay = await ReplayAsync(ingestion);

        Assert.Equal(new SourceReplay(SourceNames.CoinPaprika, Loaded: 1, Superseded: 0, StillRejected: 0), replay.Sources[0]);
        Assert.Equal(["Foo Renamed | 2"], await ingestion.RowsAsync("SELECT name, price_usd FROM listings", Cancellation));

        await RejectAsync(ingestion, "coins", """{"id":"foo-foo","name":"Foo Of Old","symbol":"FOO","rank":1,"is_active":true}""",
            "'2026-01-01'", SourceNames.CoinPaprika);
        Assert.Equal(new SourceReplay(SourceNames.CoinPaprika, Loaded: 0, Superseded: 1, StillRejected: 0),
            (await ReplayAsync(ingestion)).Sources[0]);
    }

    private static Task<ReplayOutcome> ReplayAsync(IngestionHarness ingestion) =>
        ingestion.Host.Services.GetRequiredService<RejectedReplay>().RunAsync([], Cancellation);

    private static Task RejectAsync(
        IngestionHarness ingestion, string stream, string payload, string rejectedAt,
        string source = SourceNames.CoinGecko) => ingestion.ExecuteAsync($$"""
            INSERT INTO rejected_records (source, stream, fingerprint, run_id, position, reason, detail, payload, rejected_at)
            VALUES ('{{source}}', '{{stream}}', gen_random_uuid(), gen_random_uuid(), 1, 'old_rule', '', '{{payload}}', {{rejectedAt}})
            """, Cancellation);

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
