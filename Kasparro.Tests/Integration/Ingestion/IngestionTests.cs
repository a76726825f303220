using Microsoft.Extensions.DependencyInjection;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class IngestionTests(BackingServices services)
{
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
            [
                new Run("coingecko", "completed", Pages: 1, Read: 1, Inserted: 1, Updated: 0, Unchanged: 0, Rejected: 0, "simulated"),
                new Run("coinpaprika", "completed", Pages: 2, Read: 3, Inserted: 2, Updated: 1, Unchanged: 0, Rejected: 0, "simulated"),
            ],
            await ingestion.RecordsAsync<Run>(
                "SELECT source, status, pages, records_read, inserted, updated, unchanged, rejected, "
                    + "upstreams FROM ingestion_runs ORDER BY source",
                Cancellation));
        Assert.Equal(
            [
                new StoredAsset("BTC", "Bitcoin", "coinpaprika", 60000.5, 5.856e-05, 1, IsActive: true),
                new StoredAsset("OLD", "Old Coin", "coinpaprika", PriceUsd: null, Volume24hUsd: null, Rank: null, IsActive: false),
            ],
            await ingestion.RecordsAsync<StoredAsset>(
                "SELECT symbol, name, source, price_usd, volume_24h_usd, rank, is_active FROM assets ORDER BY symbol", Cancellation));
        Assert.Equal(
            ["assets | 1", "coingecko | 1", "coinpaprika | 2", "csv_source | 0"],
            await ingestion.RowsAsync("SELECT scope, count FROM catalogue_counts ORDER BY scope", Cancellation));
        Assert.Equal(
            upstream.Requests.Count, await ingestion.ScalarAsync<long>("SELECT sum(upstream_calls) FROM ingestion_runs", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM quotes", Cancellation));
        Assert.Equal(4, await ingestion.ScalarAsync<long>("SELECT sum(records) FROM raw_pages", Cancellation));
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
        Assert.Equal(20, await ingestion.ScalarAsync<long>("SELECT sum(records) FROM raw_pages", Cancellation));
        Assert.Equal(33, await ingestion.ScalarAsync<double>("SELECT price_usd FROM assets WHERE symbol = 'C3'", Cancellation));
    }

    // Partitions are created on a separate connection, which waits for every transaction that has written quotes, so they must exist before
    // the page writes any.
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

    [Fact]
    public async Task Coins_that_move_between_pages_come_once_and_those_missed_come_with_the_next_run()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Markets(pages: 2, size: 3);

        // Between the two requests, coin-3 fell to the second page and coin-4 rose to the first page, which had already been read.
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
                "SELECT (SELECT count(*) FROM listings), (SELECT count(*) FROM quotes), (SELECT sum(records) FROM raw_pages)",
                Cancellation));
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
        Assert.Equal(3, await ingestion.ScalarAsync<long>("SELECT sum(records) FROM raw_pages", Cancellation));
    }

    [Fact]
    public async Task Extremes_are_stored_as_they_are()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        var id = new string('i', 200);
        const string name = "\u202e\u0645\u0631\u062d\u0628\u0627 \U0001F680\U0001F9D1\u200d\U0001F680 \ufffe\u2028.";
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
            [new ExtremeListing(id, name, 1e-30, 1e40, double.MaxValue, double.Epsilon)],
            await ingestion.RecordsAsync<ExtremeListing>(
                "SELECT external_id, name, price_usd, market_cap_usd, volume_24h_usd, total_supply FROM listings", Cancellation));
        Assert.Equal(["1E-30 | 1E+40"], await ingestion.RowsAsync("SELECT price_usd, market_cap_usd FROM quotes", Cancellation));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);

    private sealed record Run(
        string Source, string Status, int Pages, long Read, long Inserted, long Updated, long Unchanged, long Rejected, string Upstreams);

    private sealed record StoredAsset(
        string Symbol, string Name, string Source, double? PriceUsd, double? Volume24hUsd, int? Rank, bool IsActive);

    private sealed record ExtremeListing(
        string ExternalId, string Name, double? PriceUsd, double? MarketCapUsd, double? Volume24hUsd, double? TotalSupply);
}
