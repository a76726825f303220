using System.Globalization;
using Kasparro.Ingestion.Commands;
using Kasparro.Ingestion.Matching;
using Npgsql;

namespace Kasparro.Tests.Integration.Ingestion;

public sealed class IdentityTests(BackingServices services)
{
    private const string Vitalik = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

    [Fact]
    public async Task Contracts_of_both_sources_unite_what_names_do_not()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Catalogue(upstream);
        await using var ingestion = await CreateAsync(upstream);

        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        Assert.Equal(
            [new Merge("omg-omg-network", "omisego", "contract", 0.99)],
            await ingestion.RecordsAsync<Merge>(
                """
                SELECT p.external_id, g.external_id, d.rule, d.confidence FROM identity_decisions d
                JOIN listings p ON p.listing_id = d.listing_id JOIN listings g ON g.listing_id = d.other_id
                WHERE d.reason IS NULL AND d.asset_id = p.asset_id AND d.asset_id = g.asset_id
                """,
                Cancellation));
        Assert.Equal(1, await ingestion.ScalarAsync<long>("SELECT count FROM catalogue_counts WHERE scope = 'assets'", Cancellation));
    }

    /// <summary>
    /// In a file whose ids are row numbers, many listings share one blocking key; they match nothing and hide no other listing.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(1_000)]
    public async Task A_file_that_crowds_a_key_hides_no_listing_of_another_source(int rows)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("kasparro-crowd-").FullName, "prices.csv");
        await File.WriteAllLinesAsync(
            file,
            [
                "id,symbol,name,price",
                .. Enumerable.Range(1, rows).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row},BTC,Bitcoin,{row}.5")),
            ],
            Cancellation);
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins", """[{"id":"btc-bitcoin","symbol":"BTC","name":"Bitcoin","is_active":true}]""");
        upstream.OnJson(StubUpstream.Market(1), """[{"id":"bitcoin","symbol":"btc","name":"Bitcoin","current_price":1}]""");
        await using var ingestion = await CreateAsync(upstream, ("Sources:Csv:Path", file));

        foreach (var source in new[] { SourceNames.Csv, SourceNames.CoinPaprika, SourceNames.CoinGecko })
        {
            Assert.True((await ingestion.IngestAsync(Cancellation, source)).Succeeded, source);
        }

        Assert.Equal(
            1,
            await ingestion.ScalarAsync<long>(
                "SELECT count(DISTINCT asset_id) FROM listings WHERE external_id IN ('btc-bitcoin', 'bitcoin')", Cancellation));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task Evidence_is_fetched_once_an_interval()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Catalogue(upstream);
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);

        Assert.Single(upstream.Requests, request => request.EndsWith("/contracts/eth-ethereum", StringComparison.Ordinal));
        Assert.Single(upstream.Requests, request => request.Contains("/coins/list", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Late_evidence_merges_two_assets_and_the_younger_id_leads_to_the_older()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Catalogue(upstream);
        upstream.OnJson("/contracts", "[]");
        await using var ingestion = await CreateAsync(upstream, ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"));
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        Assert.Equal(2, await ingestion.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));

        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika);

        var (older, younger) = (StableId.ForListing(SourceNames.CoinPaprika, "omg-omg-network"),
            StableId.ForListing(SourceNames.CoinGecko, "omisego"));
        Assert.Equal([older.ToString()], await ingestion.RowsAsync("SELECT asset_id FROM assets", Cancellation));
        Assert.Equal(
            [$"{younger} | {older}"], await ingestion.RowsAsync("SELECT asset_id, merged_into FROM asset_redirects", Cancellation));
    }

    [Fact]
    public async Task Overrides_split_a_merge_and_taking_them_out_unites_again()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Catalogue(upstream);
        await using var before = await CreateAsync(upstream);
        await before.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, "different:\n  - [coinpaprika/omg-omg-network, coingecko/omisego]\n", Cancellation);
        try
        {
            await using var split = IngestionHarness.Create(before.Settings, ("Identity:OverridesFile", file));
            await split.IngestAsync(Cancellation, SourceNames.CoinPaprika);
            Assert.Equal(2, await split.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
            Assert.Equal(["override"], await split.RowsAsync("SELECT reason FROM identity_decisions", Cancellation));
        }
        finally
        {
            File.Delete(file);
        }

        await before.IngestAsync(Cancellation, SourceNames.CoinPaprika);
        Assert.Equal(1, await before.ScalarAsync<long>("SELECT count(*) FROM assets", Cancellation));
    }

    [Fact]
    public async Task Export_writes_every_pair_that_is_one_asset()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        Catalogue(upstream);
        await using var ingestion = await CreateAsync(upstream);
        await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        await using var csv = new StringWriter(CultureInfo.InvariantCulture);

        await IdentityExportCommand.WriteAsync(ingestion.Database, () => csv, Cancellation);

        Assert.Equal("coinpaprika_id,coingecko_id,rule,confidence\nomg-omg-network,omisego,contract,0.99\n", csv.ToString());
    }

    /// <summary>
    /// After each of 40 ingestions of a small catalogue that changes at random, in pages of three, by two workers in turn, the stored
    /// assets are what the pure function computes for the whole catalogue.
    /// </summary>
    [Fact]
    public async Task Resolution_page_by_page_gives_the_partition_of_the_whole()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        await using var ingestion = await CreateAsync(
            upstream,
            ("Sources:CoinPaprika:PageSize", "3"),
            ("Sources:CoinGecko:ListPageSize", "3"),
            ("Sources:CoinPaprika:EvidenceInterval", "00:00:00.0000001"),
            ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"));
        await using var other = IngestionHarness.Create(ingestion.Settings);
        var random = new Random(5);
        for (var round = 0; round < 40; round++)
        {
            var paprika = Enumerable.Range(0, random.Next(3, 16)).Select(_ => Coin()).DistinctBy(coin => coin.Slug, StringComparer.Ordinal)
                .ToList();
            var gecko = Enumerable.Range(0, random.Next(3, 16)).Select(_ => Coin()).DistinctBy(coin => coin.Slug, StringComparer.Ordinal)
                .ToList();
            upstream.Empty();
            upstream.OnJson("/coins", $"[{string.Join(',', paprika.Select(coin => $$"""
                {"id":"x-{{coin.Slug}}","name":"{{coin.Name}}","symbol":"{{coin.Symbol}}","rank":1,"is_active":{{coin.Active}} }
                """))}]");
            upstream.OnJson("/contracts", """["eth-ethereum"]""");
            upstream.OnJson("/contracts/eth-ethereum",
                $"[{string.Join(',', paprika.Select(coin => $$"""{"id":"x-{{coin.Slug}}","address":"{{coin.Address}}"}"""))}]");
            upstream.OnJson("/coins/list", $"[{string.Join(',', gecko.Select(coin => $$"""
                {"id":"{{coin.Slug}}","name":"{{coin.Name}}","symbol":"{{coin.Symbol}}","platforms":{"ethereum":"{{coin.Address}}"} }
                """))}]");
            string[] order = random.Next(2) == 0
                ? [SourceNames.CoinPaprika, SourceNames.CoinGecko]
                : [SourceNames.CoinGecko, SourceNames.CoinPaprika];
            foreach (var source in order)
            {
                Assert.True((await (random.Next(4) == 0 ? other : ingestion).IngestAsync(Cancellation, source)).Succeeded);
                await AssertWholeAsync(ingestion.Database, round);
            }
        }

        (string Slug, string Name, string Symbol, string Active, string Address) Coin()
        {
            string[] names = ["Foo", "Foo Token", "Foo Bar", "Foo [OLD]", "Goofy", "Foo Protocol", "Foo BSC"];
            string[] symbols = ["FOO", "FOO", "GOO"];
            var name = names[random.Next(names.Length)];
            var slug = string.Concat(name.ToLowerInvariant().Replace(' ', '-').Where(letter => letter is not ('[' or ']')));
            return (
                $"{slug}{(random.Next(3) == 0 ? "-2" : "")}",
                random.Next(8) == 0 ? names[random.Next(names.Length)] : name,
                symbols[random.Next(symbols.Length)],
                random.Next(4) == 0 ? "false" : "true",
                random.Next(2) == 0 ? "" : $"0x{random.Next(6):x40}");
        }
    }

    private static async Task AssertWholeAsync(NpgsqlDataSource database, int round)
    {
        var assets = new Dictionary<Guid, Guid>();
        var listings = new List<CandidateListing>();
        await using (var command = database.CreateCommand(
            """
            SELECT l.listing_id, l.source, l.external_id, l.symbol, l.name, l.is_active, l.created_at, l.asset_id,
                   array_agg(p.platform) FILTER (WHERE p.platform IS NOT NULL), array_agg(p.address) FILTER (WHERE p.platform IS NOT NULL),
                   l.delisted_at IS NOT NULL
            FROM listings l LEFT JOIN asset_platforms p USING (listing_id) GROUP BY l.listing_id
            """))
        {
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation))
            {
                var contracts = await reader.IsDBNullAsync(8, Cancellation)
                    ? []
                    : reader.GetFieldValue<string[]>(8)
                        .Zip(reader.GetFieldValue<string[]>(9), (platform, address) => new TokenContract(platform, address)).ToHashSet();
                listings.Add(new(
                    reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4),
                    reader.GetBoolean(5),
                    reader.GetFieldValue<DateTimeOffset>(6), contracts, isDelisted: reader.GetBoolean(10)));
                assets.Add(reader.GetGuid(0), reader.GetGuid(7));
            }
        }

        var whole = EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None);
        Assert.True(whole.Assets.All(entry => assets[entry.Key] == entry.Value), $"round {round}: the partition is not the whole's");

        var stored = new List<string>();
        await using var decisions = database.CreateCommand("SELECT listing_id, other_id, rule, reason FROM identity_decisions");
        await using var rows = await decisions.ExecuteReaderAsync(Cancellation);
        while (await rows.ReadAsync(Cancellation))
        {
            stored.Add($"{rows.GetGuid(0)} {rows.GetGuid(1)} {rows.GetString(2)} "
                + $"{(await rows.IsDBNullAsync(3, Cancellation) ? null : rows.GetString(3))}");
        }

        var wanted = whole.Decisions.Select(
            decision => $"{decision.Left.ListingId} {decision.Right.ListingId} {decision.Rule} {decision.Reason}");
        Assert.Equal(wanted.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
    }

    private static void Catalogue(StubUpstream upstream)
    {
        upstream.Empty();
        upstream.OnJson(
            "/coins", """[{"id":"omg-omg-network","name":"OMG Network","symbol":"OMG","rank":1,"is_active":true,"type":"token"}]""");
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        upstream.OnJson("/contracts/eth-ethereum",
            $$"""[{"address":"{{Vitalik.ToLowerInvariant()}}","id":"omg-omg-network","type":"ERC20","active":true}]""");
        upstream.OnJson("/coins/list",
            $$"""[{"id":"omisego","symbol":"omisego","name":"OmiseGO","platforms":{"ethereum":"{{Vitalik}}","tron":""} }]""");
    }

    private Task<IngestionHarness> CreateAsync(StubUpstream upstream, params (string Key, string? Value)[] overrides) =>
        IngestionHarness.CreateAsync(
            services,
            upstream.Url,
            Cancellation,
            [("Sources:CoinPaprika:EvidenceInterval", "1.00:00:00"), ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"), .. overrides]);

    private sealed record Merge(string Paprika, string Gecko, string Rule, double Confidence);
}
