using Kasparro.Api;
using Kasparro.Api.Postgres;
using Kasparro.Api.Resolve;
using Microsoft.Extensions.Options;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>CoinGecko's platforms as evidence for chain ids, by which ids resolve.</summary>
public sealed class PlatformEvidenceTests(BackingServices services)
{
    private const string Address = "0x00000000000000000000000000000000000000aa";

    [Fact]
    public async Task Platforms_tell_of_chains_that_the_map_lacks_and_contradictions_are_told_and_not_used()
    {
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson(StubUpstream.Market(1), $"[{StubUpstream.Coin("novel", "nov", "Novel", 1)}]");
        upstream.OnJson("/coins/list", $$"""[{"id":"novel","symbol":"nov","name":"Novel","platforms":{"newchain":"{{Address}}"} }]""");
        upstream.OnJson("/asset_platforms", """
            [{"id":"ethereum","chain_identifier":1,"name":"Ethereum","shortname":"","native_coin_id":"ethereum","image":null},
             {"id":"newchain","chain_identifier":424242,"name":"New Chain","shortname":"","native_coin_id":"novel"},
             {"id":"base","chain_identifier":8454,"name":"Base","native_coin_id":"other"},
             {"id":"pretender","chain_identifier":1,"name":"Pretender","native_coin_id":null},
             {"id":"algorand","chain_identifier":null,"name":"Algorand","native_coin_id":""},
             {"id":"odd","chain_identifier":"x","name":"Odd"},
             {"chain_identifier":7,"name":"Nameless"}]
            """);
        await using var ingestion = await IngestionHarness.CreateAsync(
            services, upstream.Url, Cancellation, ("Sources:CoinGecko:EvidenceInterval", "00:00:00.0000001"));

        await IngestAsync();
        Assert.Equal(
            [
                "algorand | algorand | Algorand | null | null", "base | base | Base | null | other",
                    "ethereum | ethereum | Ethereum | 1 | ethereum",
                "newchain | newchain | New Chain | 424242 | novel", "odd | odd | Odd | null | null",
                    "pretender | pretender | Pretender | null | null",
            ],
            await ingestion.RowsAsync("SELECT platform_id, platform, name, chain_id, native_coin FROM upstream_platforms ORDER BY 1",
                Cancellation));
        Assert.Equal(
            ["chain_identifier | number | x", "chain_identifier of base | 8453 | 8454",
                "chain_identifier of pretender | a chain id of its own | 1", "native_coin_id of base | ethereum | other"],
            await ingestion.RowsAsync(
                "SELECT path, expected, trim('\"' FROM example) FROM schema_drifts WHERE stream = 'platforms' ORDER BY 1", Cancellation));
        Assert.Equal(["missing_field"], await ingestion.RowsAsync("SELECT reason FROM rejected_records", Cancellation));

        foreach (var id in new[] { $"424242:{Address}", $"eip155:424242/erc20:{Address}", $"newchain:{Address}" })
        {
            Assert.True(AssetIdentifier.TryParse(id, out var identifier, out _));
            var resolved = Assert.Single(await GetResolver(ingestion).ResolveAsync([identifier], Cancellation));
            Assert.Equal(("NOV", 0.99), (resolved.Asset?.Symbol, resolved.Confidence));
            Assert.Empty(await GetResolver(ingestion).FindErrorsAsync([identifier], Cancellation));
        }

        Assert.True(AssetIdentifier.TryParse($"424243:{Address}", out var unknown, out _));
        Assert.Equal(
            "is of chain 424243, which this service does not know",
                (await GetResolver(ingestion).FindErrorsAsync([unknown], Cancellation))[0]);

        // If nothing is new, nothing is written and the catalogue's version stays the same.
        var version = await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation);
        await IngestAsync();
        Assert.Equal(version, await ingestion.ScalarAsync<long>("SELECT version FROM catalogue_state", Cancellation));

        async Task IngestAsync()
        {
            var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinGecko);
            Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));
        }
    }

    internal static IdentifierResolver GetResolver(IngestionHarness ingestion) =>
        new(ingestion.Database, new CatalogueDeadline(TimeProvider.System, Options.Create(new ApiOptions())));
}
