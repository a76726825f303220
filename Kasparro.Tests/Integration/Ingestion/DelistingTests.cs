using Kasparro.Ingestion.Loading;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>
/// Listings that their source no longer has: after three complete readings they are inactive, and their next record reactivates them.
/// </summary>
public sealed class DelistingTests(BackingServices services)
{
    private const string Contract = "0x00000000000000000000000000000000000000a1";

    [Fact]
    public async Task A_listing_that_three_whole_readings_lack_is_inactive_and_returns_with_its_id()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        Listed(upstream, "zeta-t", "omega-t");
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        var assetId = await ingestion.ScalarAsync<Guid>("SELECT asset_id FROM listings WHERE external_id = 'zeta-t'", Cancellation);

        Listed(upstream, "omega-t");
        for (var reading = 1; reading < Absence.Limit; reading++)
        {
            await IngestAsync(ingestion, SourceNames.CoinGecko);
            Assert.Equal(["omega-t | True", "zeta-t | True"], await ActiveAsync(ingestion));
        }

        await IngestAsync(ingestion, SourceNames.CoinGecko);
        Assert.Equal(["omega-t | True", "zeta-t | False"], await ActiveAsync(ingestion));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count FROM catalogue_counts WHERE scope = 'assets'", Cancellation));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets WHERE is_active", Cancellation));

        Listed(upstream, "zeta-t", "omega-t"); // Exactly as before: no record has changed.
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        Assert.Equal(["omega-t | True", "zeta-t | True"], await ActiveAsync(ingestion));
        Assert.Equal(
            assetId, await ingestion.ScalarAsync<Guid>("SELECT asset_id FROM assets WHERE symbol = 'ZETA-T' AND is_active", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count FROM catalogue_counts WHERE scope = 'assets'", Cancellation));
        Assert.Equal(0,
            await ingestion.ScalarAsync<long>(
                "SELECT count(*) FROM listings WHERE delisted_at IS NOT NULL OR quote_misses > 0", Cancellation));
    }

    [Fact]
    public async Task Readings_that_lack_a_listing_count_only_in_a_row()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        for (var round = 0; round < 3; round++)
        {
            Listed(upstream, "zeta-t", "omega-t");
            await IngestAsync(ingestion, SourceNames.CoinGecko);
            Listed(upstream, "omega-t");
            await IngestAsync(ingestion, SourceNames.CoinGecko);
            await IngestAsync(ingestion, SourceNames.CoinGecko);
        }

        Assert.Equal(["omega-t | True", "zeta-t | True"], await ActiveAsync(ingestion));
    }

    [Fact]
    public async Task A_listing_that_the_list_of_all_coins_still_has_stays_active_without_a_market()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"));
        Listed(upstream, "zeta-t", "omega-t");
        upstream.OnJson("/coins/list", """[{"id":"zeta-t","symbol":"zzt","name":"Zeta"},{"id":"omega-t","symbol":"omt","name":"Omega"}]""");
        await IngestAsync(ingestion, SourceNames.CoinGecko);

        Listed(upstream, "omega-t");
        for (var reading = 0; reading <= Absence.Limit; reading++)
        {
            await IngestAsync(ingestion, SourceNames.CoinGecko);
        }

        Assert.Equal(["omega-t | True", "zeta-t | True"], await ActiveAsync(ingestion));
        upstream.OnJson("/coins/list", """[{"id":"omega-t","symbol":"omt","name":"Omega"}]""");
        for (var reading = 0; reading < Absence.Limit; reading++)
        {
            await IngestAsync(ingestion, SourceNames.CoinGecko);
        }

        Assert.Equal(["omega-t | True", "zeta-t | False"], await ActiveAsync(ingestion));
    }

    [Fact]
    public async Task A_reading_of_the_first_pages_only_delists_nothing()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinGecko:MaxPages", "1"));
        Listed(upstream, "zeta-t", "omega-t");
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        Listed(upstream, "omega-t");
        for (var reading = 0; reading <= Absence.Limit; reading++)
        {
            await IngestAsync(ingestion, SourceNames.CoinGecko);
        }

        Assert.Equal(["omega-t | True", "zeta-t | True"], await ActiveAsync(ingestion));
    }

    [Fact]
    public async Task A_reading_that_lacks_most_listings_is_not_believed()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.Markets(pages: 1, size: 50);
        await using var ingestion = await CreateAsync(upstream);
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        upstream.Markets(pages: 1, size: 10);
        for (var reading = 0; reading <= Absence.Limit; reading++)
        {
            Assert.False((await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko)).Succeeded);
        }

        Assert.Equal(50, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings WHERE is_active", Cancellation));
    }

    [Fact]
    public async Task A_listing_whose_record_cannot_be_loaded_is_listed_all_the_same()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        Listed(upstream, "zeta-t", "omega-t");
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        upstream.OnJson(
            StubUpstream.Market(1), $$"""[{"id":"zeta-t","symbol":"zzt"},{{StubUpstream.Coin("omega-t", "omega-t", "omega-t", 1)}}]""");
        for (var reading = 0; reading <= Absence.Limit; reading++)
        {
            await IngestAsync(ingestion, SourceNames.CoinGecko);
        }

        Assert.Equal(["omega-t | True", "zeta-t | True"], await ActiveAsync(ingestion));
    }

    [Fact]
    public async Task A_reading_that_lacks_nothing_writes_no_listing()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        await using var ingestion = await CreateAsync(upstream);
        Listed(upstream, "zeta-t", "omega-t");
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        var rows = await ingestion.RowsAsync("SELECT listing_id, xmin FROM listings ORDER BY 1", Cancellation);

        await IngestAsync(ingestion, SourceNames.CoinGecko);

        Assert.Equal(rows, await ingestion.RowsAsync("SELECT listing_id, xmin FROM listings ORDER BY 1", Cancellation));
    }

    [Fact]
    public async Task A_row_that_three_whole_versions_of_a_file_lack_is_inactive_and_one_of_a_file_named_for_once_is_not()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            await File.WriteAllTextAsync(file, "id,symbol,name,price_usd\na,A,A,1\nb,B,B,1\n", Cancellation);
            await using var ingestion = await CreateAsync(upstream, ("Sources:Csv:Path", file));
            await IngestAsync(ingestion, SourceNames.Csv);
            for (var version = 2; version <= 1 + Absence.Limit; version++)
            {
                await File.WriteAllTextAsync(file, $"id,symbol,name,price_usd\na,A,A,{version}\n", Cancellation);
                await IngestAsync(ingestion, SourceNames.Csv);
                await IngestAsync(ingestion, SourceNames.Csv); // Unchanged, so nothing is read.
            }

            Assert.Equal(["a | True", "b | False"], await ActiveAsync(ingestion));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_source_that_renames_an_id_keeps_the_asset_when_the_contract_stays()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins",
            """[{"id":"zdt-zetadiploma","name":"ZetaDiploma","symbol":"ZDT","rank":900,"is_new":false,"is_active":true,"type":"token"}]""");
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        upstream.OnJson("/contracts/eth-ethereum",
            $$"""[{"id":"zdt-zetadiploma","address":"0x{{Contract[2..].ToUpperInvariant()}}","type":"ERC20","active":true}]""");
        upstream.OnJson(
            "/coins/list", $$"""[{"id":"zetadiploma","symbol":"zdt","name":"ZetaDiploma","platforms":{"ethereum":"{{Contract}}"} }]""");
        await using var ingestion = await CreateAsync(
            upstream, ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"),
            ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"));
        await IngestAsync(ingestion, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        var assetId = await ingestion.ScalarAsync<Guid>("SELECT asset_id FROM assets", Cancellation);

        upstream.OnJson("/coins/list",
            $$"""
            [{"id":"zeta-certified-data","symbol":"zdt","name":"Zeta Certified Data Token","platforms":{"ethereum":"{{Contract}}"} }]
            """);
        await IngestAsync(ingestion, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Equal([$"{assetId} | True"], await ingestion.RowsAsync("SELECT asset_id, is_active FROM assets", Cancellation));
        Assert.Equal(
            ["zdt-zetadiploma | True", "zeta-certified-data | True", "zetadiploma | False"], await ActiveAsync(ingestion));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count FROM catalogue_counts WHERE scope = 'assets'", Cancellation));
    }

    /// <summary>
    /// CoinPaprika lists contracts separately from coins, and they are read once a day: the list may name the old id for longer, or none
    /// for a while.
    /// </summary>
    [Theory]
    [InlineData("new")]
    [InlineData("old", "new")]
    [InlineData("none", "new")]
    [InlineData("old", "none", "none", "none", "new")]
    public async Task CoinPaprika_renames_an_id_and_the_asset_stays(params string[] contractOf)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        Paprika(upstream, "zdt-zetadiploma", "zdt-zetadiploma");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"));
        await IngestAsync(ingestion, SourceNames.CoinPaprika);
        var assetId = await ingestion.ScalarAsync<Guid>("SELECT asset_id FROM assets", Cancellation);

        foreach (var of in contractOf)
        {
            Paprika(upstream, "zcd-zeta-certified-data", of == "new" ? "zcd-zeta-certified-data" : of == "old" ? "zdt-zetadiploma" : null);
            await IngestAsync(ingestion, SourceNames.CoinPaprika);
        }

        Assert.Equal(["zcd-zeta-certified-data | True", "zdt-zetadiploma | False"], await ActiveAsync(ingestion));
        Assert.Equal(
            [$"{assetId}", $"{assetId}"], await ingestion.RowsAsync("SELECT asset_id FROM listings ORDER BY external_id", Cancellation));
        Assert.Equal([$"{assetId}"], await ingestion.RowsAsync("SELECT asset_id FROM assets WHERE is_active", Cancellation));
    }

    [Fact]
    public async Task A_listing_that_returns_gives_the_contract_up_that_its_platforms_page_names_for_another()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        Paprika(upstream, "zdt-zetadiploma", "zdt-zetadiploma");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"));
        await IngestAsync(ingestion, SourceNames.CoinPaprika);
        Paprika(upstream, "zcd-zeta-certified-data", "zcd-zeta-certified-data");
        await IngestAsync(ingestion, SourceNames.CoinPaprika);

        Paprika(upstream, "zdt-zetadiploma", "zcd-zeta-certified-data", "zcd-zeta-certified-data");
        await IngestAsync(ingestion, SourceNames.CoinPaprika);

        Assert.Equal(
            ["zcd-zeta-certified-data"],
            await ingestion.RowsAsync("SELECT l.external_id FROM asset_platforms p JOIN listings l USING (listing_id)", Cancellation));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets WHERE is_active", Cancellation));
    }

    private static void Paprika(StubUpstream upstream, string id, string? contractOf, params string[] others)
    {
        upstream.OnJson("/coins", $"[{string.Join(',', others.Prepend(id).Select(coin => $$"""
            {"id":"{{coin}}","name":"{{coin[4..]}}","symbol":"{{coin[..3]}}","rank":900,"is_new":false,"is_active":true,"type":"token"}
            """))}]");
        upstream.OnJson("/contracts/eth-ethereum", contractOf is null
            ? "[]"
            : $$"""[{"id":"{{contractOf}}","address":"{{Contract}}","type":"ERC20","active":true}]""");
    }

    private static void Listed(StubUpstream upstream, params string[] ids) =>
        upstream.OnJson(StubUpstream.Market(1), $"[{string.Join(',', ids.Select(id => StubUpstream.Coin(id, id, id, 1)))}]");

    private static Task<IReadOnlyList<string>> ActiveAsync(IngestionHarness ingestion) =>
        ingestion.RowsAsync("SELECT external_id, is_active FROM listings ORDER BY 1", Cancellation);

    private static async Task IngestAsync(IngestionHarness ingestion, params string[] sources)
    {
        var outcome = await ingestion.IngestAsync(Cancellation, sources);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(services, upstream.Url, Cancellation, overrides);
}
