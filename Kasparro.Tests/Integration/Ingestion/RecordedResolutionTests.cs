using System.Text.Json;

namespace Kasparro.Tests.Integration.Ingestion;

/// <summary>Loads the recorded catalogues once and resolves all of their ids.</summary>
public sealed class RecordedResolutionTests(BackingServices services)
{
    [Fact]
    public async Task Every_recorded_id_and_Ethereum_contract_resolves_to_what_the_catalogue_says()
    {
        var (list, coins, contracts) = (
            Corpus.Require("coingecko/coins-list.json"), Corpus.Require("coinpaprika/coins.json"),
                Corpus.Require("coinpaprika/contracts-eth-ethereum.json"));
        await using var upstream = await StubUpstream.StartAsync(Cancellation);
        upstream.Empty();
        upstream.OnJson("/coins/list", await File.ReadAllTextAsync(list, Cancellation));
        upstream.OnJson("/contracts", """["eth-ethereum"]""");
        upstream.OnJson("/contracts/eth-ethereum", await File.ReadAllTextAsync(contracts, Cancellation));
        using var rows = JsonDocument.Parse(await File.ReadAllBytesAsync(contracts, Cancellation));
        var named = rows.RootElement.EnumerateArray()
            .Select(row => (Id: row.GetProperty("id").GetString()!, Address: row.GetProperty("address").GetString()!.Trim())).ToList();
        Assert.Equal(3_627, named.Count);

        // Only CoinPaprika's coins with contracts, because the others have nothing to resolve.
        var wanted = named.Select(row => row.Id).ToHashSet(StringComparer.Ordinal);
        using var all = JsonDocument.Parse(await File.ReadAllBytesAsync(coins, Cancellation));
        var known = all.RootElement.EnumerateArray().Where(coin => wanted.Contains(coin.GetProperty("id").GetString()!));
        upstream.OnJson("/coins", $"[{string.Join(',', known.Select(coin => coin.GetRawText()))}]");
        await using var ingestion = await IngestionHarness.CreateAsync(
            services,
            upstream.Url,
            Cancellation,
            ("Sources:CoinPaprika:EvidenceInterval", "1.00:00:00"),
            ("Sources:CoinGecko:EvidenceInterval", "1.00:00:00"));
        var outcome = await ingestion.IngestAsync(Cancellation, SourceNames.CoinPaprika, SourceNames.CoinGecko);
        Assert.True(outcome.Succeeded, string.Join("; ", outcome.Sources));

        var assets = (await ingestion.RowsAsync("SELECT source, external_id, asset_id FROM listings", Cancellation))
            .Select(row => row.Split(" | ")).ToDictionary(row => $"{row[0]}:{row[1]}", row => Guid.Parse(row[2]), StringComparer.Ordinal);
        using var listed = JsonDocument.Parse(await File.ReadAllBytesAsync(list, Cancellation));
        var ids = listed.RootElement.EnumerateArray().Select(coin =>
            $"{SourceNames.CoinGecko}:{coin.GetProperty("id").GetString()}").ToList();
        Assert.Equal(13_253, ids.Count);

        var resolver = PlatformEvidenceTests.GetResolver(ingestion);
        foreach (var batch in ids.Chunk(10_000))
        {
            var results = await resolver.ResolveAsync([.. batch.Select(Parse)], Cancellation);
            Assert.All(results.Zip(batch), pair => Assert.Equal(assets[pair.Second], pair.First.Asset?.AssetId));
        }

        // Only what cannot be an address is rejected before the lookup.
        var refused = named.Where(row => !AssetIdentifier.TryParse($"1:{row.Address}", out _, out _)).Select(row => row.Address).ToList();
        Assert.Equal(["kimex"], refused);
        named.RemoveAll(row => row.Address == "kimex");
        var byContract = await resolver.ResolveAsync([.. named.Select(row => Parse($"eip155:1/erc20:{row.Address}"))], Cancellation);
        var (resolved, shared, unknown) = (0, 0, 0);
        foreach (var ((id, _), result) in named.Zip(byContract))
        {
            // A contract of a coin that was not recorded resolves to no listing; one that the catalogue has in two assets resolves to both.
            var expected = assets.TryGetValue($"{SourceNames.CoinPaprika}:{id}", out var asset) ? asset : (Guid?)null;
            Guid[] found = [.. result.Asset is { } only ? [only.AssetId] : result.Candidates.Select(candidate => candidate.AssetId)];
            (resolved, shared, unknown) = (resolved + (found.Length == 1 ? 1 : 0), shared + (found.Length > 1 ? 1 : 0),
                unknown + (found.Length == 0 ? 1 : 0));
            Assert.True(expected is { } one ? found.Contains(one)
                : result.Evidence.All(text => !text.EndsWith("coinpaprika", StringComparison.Ordinal)));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{resolved} contracts resolved, {shared} shared, {unknown} unknown");
        Assert.True(resolved > 3_400, $"{resolved}");
    }

    private static AssetIdentifier Parse(string id)
    {
        Assert.True(AssetIdentifier.TryParse(id, out var identifier, out var error), $"{id} {error}");
        return identifier;
    }
}
