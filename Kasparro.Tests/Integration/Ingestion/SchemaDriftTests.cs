using Kasparro.Data.Runs;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class SchemaDriftTests(BackingServices services)
{
    private const string Drifts = """
        SELECT stream, path, kind, expected, found, renamed_to, occurrences, policy FROM schema_drifts d
        JOIN ingestion_runs r USING (run_id) WHERE path <> 'image' ORDER BY r.started_at, path
        """;

    [Fact]
    public async Task Drift_is_recorded_once_a_run_with_a_likely_rename()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Markets(upstream, ("", ""));
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        Assert.Empty(await ingestion.RowsAsync(Drifts, Cancellation));

        Markets(upstream, ("\"current_price\"", "\"price_now\""), ("\"atl\":1", "\"atl\":\"1\",\"fresh\":true"));
        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(
            [
                new Drift("markets", "atl", "retyped", "number", "text", RenamedTo: null, 20, "warn"),
                new Drift("markets", "current_price", "renamed", "number", "number", "price_now", 20, "warn"),
                new Drift("markets", "fresh", "added", Expected: null, "flag", RenamedTo: null, 20, "warn"),
            ],
            await ingestion.RecordsAsync<Drift>(Drifts, Cancellation));
        Assert.InRange(
            await ingestion.ScalarAsync<double>("SELECT confidence FROM schema_drifts WHERE kind = 'renamed'", Cancellation), 0.6, 1);
    }

    [Fact]
    public async Task Drift_rejects_records_or_fails_the_run_where_the_settings_say_so()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Markets(upstream, ("\"current_price\"", "\"price_now\""));
        await using var rejecting = await CreateAsync(
            upstream, ("SchemaDrift:Fields:current_price", "RejectRecord"), ("SchemaDrift:Default", "Ignore"),
            ("Ingestion:MaxRejectedShare", "1"));
        await using var failing = await CreateAsync(upstream, ("SchemaDrift:Fields:coingecko/markets/current_price", "FailRun"));

        var rejected = Assert.Single((await rejecting.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);
        var failed = Assert.Single((await failing.IngestAsync(Cancellation, SourceNames.CoinGecko)).Sources);

        Assert.Equal((RunStatus.Completed, 20), (rejected.Status, rejected.Totals.Rejected));
        Assert.Equal(
            ["schema_drift | current_price is missing"],
            await rejecting.RowsAsync("SELECT DISTINCT reason, detail FROM rejected_records", Cancellation));
        Assert.Equal((RunStatus.Failed, 0), (failed.Status, failed.Totals.Read));
        Assert.Contains("current_price is missing in 10 records of page 1", failed.Error, StringComparison.Ordinal);
        Assert.Contains("fail_run", string.Join('\n', await failing.RowsAsync(Drifts, Cancellation)), StringComparison.Ordinal);
    }

    private static void Markets(StubUpstream upstream, params (string From, string To)[] changes)
    {
        upstream.OnJson("/coins/markets", "[]");
        for (var page = 1; page <= 2; page++)
        {
            var number = page;
            var json = $"[{string.Join(',', Enumerable.Range(1, 10).Select(n => Coin(((number - 1) * 10) + n)))}]";
            foreach (var (from, to) in changes)
            {
                json = from.Length == 0 ? json : json.Replace(from, to, StringComparison.Ordinal);
            }

            upstream.OnJson(StubUpstream.Market(page), json);
        }
    }

    private static string Coin(int n) => $$"""
        {"id":"c{{n}}","symbol":"c{{n}}","name":"C {{n}}","image":"","current_price":{{n * 3}},"market_cap":{{n * 1000}},
         "market_cap_rank":{{n}},"fully_diluted_valuation":null,"total_volume":null,"high_24h":null,"low_24h":null,
         "price_change_24h":null,"price_change_percentage_24h":null,"market_cap_change_24h":null,"market_cap_change_percentage_24h":null,
         "circulating_supply":null,"total_supply":null,"max_supply":null,
         "ath":null,"ath_change_percentage":null,"ath_date":null,"atl":1,"atl_change_percentage":null,"atl_date":null,"roi":null,
         "last_updated":"2026-01-01T00:00:00Z"}
        """;

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);

    private sealed record Drift(
        string Stream, string Path, string Kind, string? Expected, string? Found, string? RenamedTo, long Occurrences, string Policy);
}
