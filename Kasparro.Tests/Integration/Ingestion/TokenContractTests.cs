namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Contracts that a source withdraws: a platform's page contains all contracts that the source has there.</summary>
public sealed class TokenContractTests(BackingServices services)
{
    private const string Sql = "SELECT l.external_id, p.address FROM asset_platforms p JOIN listings l USING (listing_id) ORDER BY 1, 2";

    [Theory]
    [InlineData("""{"id":"x-x","address":"0x000000000000000000000000000000000000000b"}""",
        "x-x | 0x000000000000000000000000000000000000000b")] // Corrected.
    [InlineData("""{"id":"y-y","address":"0x000000000000000000000000000000000000000c"}""",
        "y-y | 0x000000000000000000000000000000000000000c")] // Withdrawn.
    [InlineData("""{"id":"y-y","address":"0x000000000000000000000000000000000000000a"}""",
        "y-y | 0x000000000000000000000000000000000000000a")] // Reassigned.
    [InlineData("""{"id":"x-x","address":7}""", "x-x | 0x000000000000000000000000000000000000000a")] // Unreadable.
    public async Task A_contract_that_its_platforms_page_no_longer_has_is_taken_away(string record, string expected)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, """{"id":"x-x","address":"0x000000000000000000000000000000000000000a"}""");

        upstream.OnJson("/contracts/eth-ethereum", $"[{record}]");
        await IngestAsync(ingestion);

        Assert.Equal([expected], await ingestion.RowsAsync(Sql, Cancellation));
    }

    [Theory]
    [InlineData("""{"":""}""")]
    [InlineData("""{"":"0xabc"}""")]
    [InlineData("""{"":null}""")]
    [InlineData("""{"ethereum":null}""")]
    [InlineData("""{"ethereum":" "}""")]
    [InlineData("null")]
    public async Task A_coin_whose_platforms_name_no_contract_is_loaded_without_any(string platforms)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, "");
        upstream.OnJson("/coins/list", $$"""[{"id":"other","symbol":"oth","name":"Other","platforms":{{platforms}} }]""");
        await IngestAsync(ingestion, SourceNames.CoinGecko);

        Assert.Equal(["other"], await ingestion.RowsAsync("SELECT external_id FROM listings WHERE source = 'coingecko'", Cancellation));
        Assert.Empty(await ingestion.RowsAsync(Sql, Cancellation));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM schema_drifts WHERE kind = 'unusable'", Cancellation));
    }

    /// <summary>A bad contract is dropped, but no record is lost.</summary>
    [Fact]
    public async Task Address_that_the_platform_cannot_have_is_left_out_and_told()
    {
        const string Mixed = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"; // The case of one letter violates EIP-55.
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream,
            """{"id":"x-x","address":"kimex"},{"id":"y-y","address":" 0x000000000000000000000000000000000000000c "}""");
        upstream.OnJson("/coins/list", $$"""
            [{"id":"other","symbol":"oth","name":"Other","platforms":{
              "ethereum":"{{Mixed}}","solana":"0x1","tron":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t","no-such":"0x1"} }]
            """);
        await IngestAsync(ingestion, SourceNames.CoinGecko);

        Assert.Equal(
            ["other | no-such | 0x1", "other | tron | TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t",
                "y-y | ethereum | 0x000000000000000000000000000000000000000c"],
            await ingestion.RowsAsync(
                "SELECT l.external_id, p.platform, p.address FROM asset_platforms p JOIN listings l USING (listing_id) ORDER BY 1, 2",
                Cancellation));
        Assert.Equal(
            [
                $"coingecko | contract on ethereum | unusable | address that has a wrong checksum (EIP-55) | {Mixed}",
                "coingecko | contract on solana | unusable | address that must be 32 bytes in Base58 | 0x1",
                "coinpaprika | contract on ethereum | unusable | address that must be 0x and 40 hexadecimal digits | kimex",
            ],
            await ingestion.RowsAsync(
                "SELECT source, path, kind, found, example FROM schema_drifts WHERE kind = 'unusable' ORDER BY 1, 2", Cancellation));
        Assert.Equal(0, await ingestion.ScalarAsync<long>("SELECT count(*) FROM rejected_records", Cancellation));
    }

    [Fact]
    public async Task A_merge_by_a_contract_ends_with_the_contract()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, """{"id":"x-x","address":"0x000000000000000000000000000000000000000a"}""");
        upstream.OnJson("/coins/list",
            """[{"id":"other","symbol":"oth","name":"Other","platforms":{"ethereum":"0x000000000000000000000000000000000000000a"} }]""");
        await IngestAsync(ingestion, SourceNames.CoinGecko);
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));

        upstream.OnJson("/contracts/eth-ethereum", "[]");
        await IngestAsync(ingestion);

        Assert.Equal(3, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
    }

    [Fact]
    public async Task A_page_that_lacks_most_contracts_of_its_platform_takes_none_away()
    {
        var all = string.Join(',', Enumerable.Range(10, 40).Select(n => $$"""{"id":"x-x","address":"0x{{n:D40}}"}"""));
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, all);

        upstream.OnJson("/contracts/eth-ethereum", """[{"id":"x-x","address":"0x0000000000000000000000000000000000000010"}]""");
        await IngestAsync(ingestion);

        Assert.Equal(40, await ingestion.ScalarAsync<long>("SELECT count(*) FROM asset_platforms", Cancellation));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task A_list_without_most_of_its_contracts_takes_none_away_but_moves_one_that_it_has(string platforms)
    {
        const string Moved = "0x0000000000000000000000000000000000000010";
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, "");
        upstream.OnJson("/coins/list", List(n => $$"""{"ethereum":"0x{{n:D40}}"}"""));
        await IngestAsync(ingestion, SourceNames.CoinGecko);

        upstream.OnJson("/coins/list", List(n => n == 11 ? $$"""{"ethereum":"{{Moved}}"}""" : platforms));
        await IngestAsync(ingestion, SourceNames.CoinGecko);

        Assert.Equal(40, await ingestion.ScalarAsync<long>("SELECT count(*) FROM asset_platforms", Cancellation));
        Assert.Equal([$"coin-11 | {Moved}"], (await ingestion.RowsAsync(Sql, Cancellation)).Where(row => row.EndsWith(Moved)));

        static string List(Func<int, string> platforms) => "[" + string.Join(',', Enumerable.Range(10, 40).Select(
            n => $$"""{"id":"coin-{{n}}","symbol":"c{{n}}","name":"Coin {{n}}","platforms":{{platforms(n)}} }""")) + "]";
    }

    [Theory]
    [InlineData(404, """{"error":"id not found"}""")]
    [InlineData(402, """{"error":"Payment required"}""")]
    [InlineData(403, """{"error":"forbidden"}""")]
    public async Task A_platform_that_is_refused_is_passed_over_and_keeps_its_contracts(int status, string body)
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, """{"id":"x-x","address":"0x000000000000000000000000000000000000000a"}""");
        upstream.OnJson("/contracts", """["eth-ethereum","zk-zksync"]""");
        upstream.OnJson("/contracts/zk-zksync", """[{"id":"y-y","address":"0x000000000000000000000000000000000000000b"}]""");
        upstream.OnStatus("/contracts/eth-ethereum", status, body);

        await IngestAsync(ingestion);

        Assert.Equal(
            ["x-x | 0x000000000000000000000000000000000000000a", "y-y | 0x000000000000000000000000000000000000000b"],
            await ingestion.RowsAsync(Sql, Cancellation));
        Assert.Equal(
            ["contracts | refused | eth-ethereum | True"],
            await ingestion.RowsAsync(
                $"SELECT stream, reason, payload, detail LIKE 'GET contracts/eth-ethereum answered {status}%' FROM rejected_records",
                Cancellation));
        Assert.Equal(
            1, await ingestion.ScalarAsync<long>("SELECT rejected FROM ingestion_runs ORDER BY fencing_token DESC LIMIT 1", Cancellation));
    }

    [Fact]
    public async Task Names_as_long_as_a_record_may_have_are_loaded()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(upstream, """{"id":"x-x","address":"0x000000000000000000000000000000000000000a"}""");
        var random = new Random(1);
        var (cjk, hangul) = (Letters(random, 0x4E00, 0x9000), Letters(random, 0xAC00, 0xD700));
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin(cjk, "zz", cjk, 1)},{StubUpstream.Coin(hangul, hangul, hangul, 1)}]");

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM listings WHERE source = 'coingecko'", Cancellation));

        static string Letters(
            Random random, int from, int to) => string.Concat(Enumerable.Range(0, 512).Select(_ => (char)random.Next(from, to)));
    }

    private static async Task IngestAsync(IngestionHarness ingestion, string source = SourceNames.CoinPaprika)
    {
        var outcome = await ingestion.IngestAsync(Cancellation, source);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
    }

    private async Task<IngestionHarness> CreateAsync(StubUpstream upstream, string contracts)
    {
        upstream.Empty();
        upstream.OnJson("/coins", """
            [{"id":"x-x","name":"X","symbol":"X","rank":1,"is_active":true},{"id":"y-y","name":"Y","symbol":"Y","rank":2,"is_active":true}]
            """);
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        upstream.OnJson("/contracts/eth-ethereum", $"[{contracts}]");
        var ingestion = await IngestionHarness.CreateAsync(
            services,
            upstream.Url,
            Cancellation,
            ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"),
            ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"));
        await IngestAsync(ingestion);
        return ingestion;
    }
}
