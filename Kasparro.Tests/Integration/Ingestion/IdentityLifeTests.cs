using System.Globalization;
using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>The fate of an asset's id while its sources rename, reuse, deactivate and price their listings.</summary>
public sealed class IdentityLifeTests(BackingServices services)
{
    private static Guid Paprika(string id) => StableId.ForListing(SourceNames.CoinPaprika, id);

    private static Guid Gecko(string id) => StableId.ForListing(SourceNames.CoinGecko, id);

    [Fact]
    public async Task Rebrand_moves_names_and_leaves_every_listing_in_its_asset()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", $"[{Coin("luna-terra", "LUNA", "Terra")}]");
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("terra-luna", "luna", "Terra", 80)}]");
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync(ingestion);
        Assert.Equal(1, await AssetsAsync(ingestion));

        upstream.OnJson("/coins", $"[{Coin("luna-terra", "LUNC", "Terra Classic")},{Coin("luna-terra-v2", "LUNA", "Terra")}]");
        upstream.OnJson(
            StubUpstream.Market(1),
            $"[{StubUpstream.Coin("terra-luna", "lunc", "Terra Luna Classic", 0.0001)},"
                + $"{StubUpstream.Coin("terra-luna-2", "luna", "Terra", 9)}]");
        await IngestAsync(ingestion);
        await IngestAsync(ingestion);

        Assert.Equal(
            [$"luna-terra | {Paprika("luna-terra")}", $"luna-terra-v2 | {Paprika("luna-terra-v2")}",
                $"terra-luna | {Paprika("luna-terra")}", $"terra-luna-2 | {Paprika("luna-terra-v2")}"],
            await ingestion.RowsAsync("SELECT external_id, asset_id FROM listings ORDER BY external_id", Cancellation));
    }

    // TerraUSD became USTC, and UST became another coin's symbol; each source renames at its own pace.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Symbol_that_moves_on_takes_no_asset_with_it(bool geckoRenamesFirst)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        var (oldPaprika, newPaprika) = (
            $"[{Coin("ust-terrausd", "UST", "TerraUSD")}]",
            $"[{Coin("ust-terrausd", "USTC", "TerraClassicUSD")},{Coin("ust-us-token", "UST", "US Token")}]");
        var (oldGecko, newGecko) = (
            $"[{StubUpstream.Coin("terrausd", "ust", "TerraUSD", 1)}]",
            $"[{StubUpstream.Coin("terrausd", "ustc", "TerraClassicUSD", 0.02)},{StubUpstream.Coin("us-token", "ust", "US Token", 5)}]");
        Say(oldPaprika, oldGecko);
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync(ingestion);
        var terra = Paprika("ust-terrausd");
        Assert.Equal([$"{terra} | UST"], await ingestion.RowsAsync("SELECT asset_id, symbol FROM assets", Cancellation));

        Say(geckoRenamesFirst ? oldPaprika : newPaprika, geckoRenamesFirst ? newGecko : oldGecko);
        await IngestAsync(ingestion);
        Say(newPaprika, newGecko);
        await IngestAsync(ingestion);
        await IngestAsync(ingestion);

        var assets = await ingestion.RowsAsync("SELECT asset_id, external_id FROM listings ORDER BY source, external_id", Cancellation);
        Assert.Equal($"{terra} | ust-terrausd", assets.Single(row => row.EndsWith("| ust-terrausd", StringComparison.Ordinal)));
        Assert.Equal($"{terra} | terrausd", assets.Single(row => row.EndsWith("| terrausd", StringComparison.Ordinal)));
        var other = assets.Single(row => row.EndsWith("| us-token", StringComparison.Ordinal)).Split(' ')[0];
        Assert.NotEqual(terra.ToString(), other);
        Assert.StartsWith(other, assets.Single(row => row.EndsWith("| ust-us-token", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal([$"{other}"], await ingestion.RowsAsync("SELECT asset_id FROM assets WHERE symbol_key = 'UST'", Cancellation));
        Assert.Equal(["USTC"], await ingestion.RowsAsync($"SELECT symbol FROM assets WHERE asset_id = '{terra}'", Cancellation));

        void Say(string paprika, string gecko)
        {
            upstream.OnJson("/coins", paprika);
            upstream.OnJson(StubUpstream.Market(1), gecko);
        }
    }

    [Fact]
    public async Task Reused_id_leaves_the_asset_that_it_was_and_the_asset_keeps_its_id()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", $"[{Coin("foo-foo", "FOO", "Foo")}]");
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("foo", "foo", "Foo", 1)}]");
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync(ingestion);
        Assert.Equal(1, await AssetsAsync(ingestion));

        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("foo", "qux", "Quite Another", 7)}]");
        await IngestAsync(ingestion);

        Assert.Equal(
            [$"foo | {Gecko("foo")}", $"foo-foo | {Paprika("foo-foo")}"],
            await ingestion.RowsAsync("SELECT external_id, asset_id FROM listings ORDER BY external_id", Cancellation));
        Assert.Empty(await ingestion.RowsAsync("SELECT asset_id FROM asset_redirects", Cancellation));
    }

    [Fact]
    public async Task Deactivation_keeps_the_asset_and_takes_it_out_of_the_count()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", $"[{Coin("foo-foo", "FOO", "Foo")},{Coin("bar-bar", "BAR", "Bar")}]");
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync(ingestion);
        Assert.Equal(2, await CountAsync(ingestion));

        upstream.OnJson("/coins", $"[{Coin("foo-foo", "FOO", "Foo", isActive: false)},{Coin("bar-bar", "BAR", "Bar")}]");
        await IngestAsync(ingestion);
        Assert.Equal(1, await CountAsync(ingestion));
        Assert.Equal(
            [$"{Paprika("foo-foo")} | False"],
            await ingestion.RowsAsync("SELECT asset_id, is_active FROM assets WHERE symbol = 'FOO'", Cancellation));

        upstream.OnJson("/coins", $"[{Coin("foo-foo", "FOO", "Foo")},{Coin("bar-bar", "BAR", "Bar")}]");
        await IngestAsync(ingestion);
        Assert.Equal(2, await CountAsync(ingestion));
    }

    [Fact]
    public async Task Operators_override_is_applied_by_the_next_ingestion_quotes_and_all()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", $"[{Coin("foo-foo", "FOO", "Foo")}]");
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("foo", "foo", "Foo", 5)}]");
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync(ingestion);
        Assert.Equal(["5"], await ingestion.RowsAsync("SELECT price_usd FROM assets", Cancellation));

        await SayAsync(ingestion, "false");
        await IngestAsync(ingestion);
        Assert.Equal(
            [$"{Paprika("foo-foo")} | null | 0", $"{Gecko("foo")} | 5 | 1"],
            await ingestion.RowsAsync(
                """
                SELECT a.asset_id, a.price_usd,
                       (SELECT count(*) FROM quotes q JOIN listings l USING (listing_id) WHERE l.asset_id = a.asset_id)
                FROM assets a ORDER BY a.price_usd NULLS FIRST
                """,
                Cancellation));
        Assert.Equal(["False | operator"], await ingestion.RowsAsync("SELECT is_same, origin FROM identity_overrides", Cancellation));

        await SayAsync(ingestion, "NULL");
        await IngestAsync(ingestion);
        Assert.Equal([$"{Paprika("foo-foo")} | 5"], await ingestion.RowsAsync("SELECT asset_id, price_usd FROM assets", Cancellation));
        Assert.Equal([$"{Gecko("foo")} | {Paprika("foo-foo")}"],
            await ingestion.RowsAsync("SELECT asset_id, merged_into FROM asset_redirects", Cancellation));
        Assert.Empty(await ingestion.RowsAsync("SELECT * FROM identity_overrides", Cancellation));
    }

    [Fact]
    public async Task Redirects_of_redirects_lead_straight_to_the_asset()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("a", "a", "Alpha", 1)}]");
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
        upstream.OnJson("/coins", $"[{Coin("b-b", "B", "Beta")}]");
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);
        upstream.OnJson("/coins", $"[{Coin("b-b", "B", "Beta")},{Coin("c-c", "C", "Gamma")}]");
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);

        await SayAsync(ingestion, "true", Paprika("c-c"), Paprika("b-b"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);
        Assert.Equal([$"{Paprika("c-c")} | {Paprika("b-b")}"], await RedirectsAsync());

        await SayAsync(ingestion, "true", Paprika("b-b"), Gecko("a"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);
        Assert.Equal(
            new[] { $"{Paprika("c-c")} | {Gecko("a")}", $"{Paprika("b-b")} | {Gecko("a")}" }.Order(StringComparer.Ordinal),
            (await RedirectsAsync()).Order(StringComparer.Ordinal));
        Assert.Equal([Gecko("a").ToString()], await ingestion.RowsAsync("SELECT asset_id FROM assets", Cancellation));

        Task<IReadOnlyList<string>> RedirectsAsync() =>
            ingestion.RowsAsync("SELECT asset_id, merged_into FROM asset_redirects", Cancellation);
    }

    [Fact]
    public async Task Prices_split_what_names_united_and_unite_it_again_when_they_meet()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", $"[{Coin("foo-foo", "FOO", "Foo")}]");
        upstream.OnJson("/coins/list", """[{"id":"foo","symbol":"foo","name":"Foo","platforms":{}}]""");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"));
        await IngestAsync(ingestion);
        Assert.Equal(1, await AssetsAsync(ingestion));

        // The prices differ by a factor and were seen within an hour of each other.
        Quote(upstream, paprika: 14.5, gecko: 0.0021);
        await IngestAsync(ingestion);
        Assert.Equal(2, await CountAsync(ingestion));
        Assert.Equal([RefusalReason.Price], await ingestion.RowsAsync("SELECT reason FROM identity_decisions", Cancellation));
        var content = await ingestion.ContentAsync(Cancellation);
        await IngestAsync(ingestion);
        Assert.Equal(content, await ingestion.ContentAsync(Cancellation));

        // One source was wrong: once the prices agree, the listings are united permanently.
        Quote(upstream, paprika: 14.5, gecko: 14.4);
        await IngestAsync(ingestion);
        Assert.Equal([Paprika("foo-foo").ToString()], await ingestion.RowsAsync("SELECT asset_id FROM assets", Cancellation));
        Quote(upstream, paprika: 15, gecko: 0.002);
        await IngestAsync(ingestion);
        Assert.Equal([Paprika("foo-foo").ToString()], await ingestion.RowsAsync("SELECT asset_id FROM assets", Cancellation));
        Assert.Equal(1, await CountAsync(ingestion));
    }

    private static void Quote(StubUpstream upstream, double paprika, double gecko)
    {
        upstream.OnJson("/tickers", string.Create(CultureInfo.InvariantCulture, $$"""
            [{"id":"foo-foo","name":"Foo","symbol":"FOO","rank":1,"last_updated":"2026-01-01T00:00:00Z",
              "quotes":{"USD":{"price":{{paprika}},"volume_24h":1,"market_cap":null } } }]
            """));
        upstream.OnJson(StubUpstream.Market(1), string.Create(CultureInfo.InvariantCulture, $$"""
            [{"id":"foo","symbol":"foo","name":"Foo","current_price":{{gecko}},"market_cap":null,"market_cap_rank":1,"total_volume":1,
              "last_updated":"2026-01-01T00:10:00Z"}]
            """));
    }

    private static string Coin(string id, string symbol, string name, bool isActive = true) =>
        $$"""
        {"id":"{{id}}","name":"{{name}}","symbol":"{{symbol}}","rank":{{(isActive ? 1 : 0)}},"is_new":false,
         "is_active":{{(isActive ? "true" : "false")}},"type":"coin"}
        """;

    private static async Task SayAsync(IngestionHarness ingestion, string isSame, Guid? left = null, Guid? right = null)
    {
        var pair = new[] { left ?? Paprika("foo-foo"), right ?? Gecko("foo") }.Order().ToArray();
        await ingestion.ExecuteAsync(
            $"""
            INSERT INTO identity_override_changes (listing_id, other_id, is_same, reason, changed_by, changed_at, request_id)
            VALUES ('{pair[0]}', '{pair[1]}', {isSame}, 'a test', 'Operator:Key', now(), 'x')
            """, Cancellation);
    }

    private static async Task IngestAsync(IngestionHarness ingestion)
    {
        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
    }

    private static Task<long> AssetsAsync(
        IngestionHarness ingestion) => ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation);

    private static async Task<long> CountAsync(IngestionHarness ingestion)
    {
        var count = await ingestion.ScalarAsync<long>("SELECT count FROM catalogue_counts WHERE scope = 'assets'", Cancellation);
        Assert.Equal(count, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets WHERE is_active", Cancellation));
        return count;
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
