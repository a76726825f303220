using System.Text.Json;
using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

/// <summary>The rules over the whole recorded catalogues, against pairs that people checked.</summary>
public sealed class RecordedIdentityTests
{
    [Fact]
    public void Recorded_catalogues_are_unified_as_people_would()
    {
        var corpus = FindCorpus();
        Assert.SkipWhen(corpus is null, "../shared/corpus is not beside this repository: no recorded catalogues to unify.");
        var listings = ReadPaprika(corpus!).Concat(ReadGecko(corpus!)).ToList();

        var partition = EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None);

        var byAsset = listings.ToLookup(listing => partition.Assets[listing.ListingId]);
        using var sample = Read(corpus!, "identity-sample.json");
        var (same, united) = (0, 0);
        foreach (var pair in sample.RootElement.GetProperty("same").EnumerateArray())
        {
            var (paprika, gecko) = (pair.GetProperty("coinpaprika").GetString()!, pair.GetProperty("coingecko").GetString()!);
            same++;
            var partners = Partners(SourceNames.CoinPaprika, paprika, SourceNames.CoinGecko).ToList();
            Assert.True(partners.Count == 0 || partners.SequenceEqual([gecko]), $"{paprika} is united with {string.Join(", ", partners)}");
            var others = Partners(SourceNames.CoinGecko, gecko, SourceNames.CoinPaprika).ToList();
            Assert.True(others.Count == 0 || others.SequenceEqual([paprika]), $"{gecko} is united with {string.Join(", ", others)}");
            united += partners.Count;
        }

        foreach (var pair in sample.RootElement.GetProperty("different").EnumerateArray())
        {
            var (paprika, gecko) = (pair.GetProperty("coinpaprika").GetString()!, pair.GetProperty("coingecko").GetString()!);
            Assert.DoesNotContain(gecko, Partners(SourceNames.CoinPaprika, paprika, SourceNames.CoinGecko));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{united} of {same} united");
        foreach (var group in partition.Decisions.GroupBy(decision => (decision.Rule, decision.Reason))
            .OrderByDescending(group => group.Count()))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{group.Count(),6} {group.Key.Rule} {group.Key.Reason ?? "united"}");
        }

        Assert.True(united >= 0.95 * same, $"{united} of {same} are united");

        IEnumerable<string> Partners(string source, string externalId, string other) =>
            byAsset[partition.Assets[StableId.ForListing(source, externalId)]].Where(listing => listing.Source == other)
                .Select(listing => listing.ExternalId);
    }

    private static IEnumerable<CandidateListing> ReadPaprika(string corpus)
    {
        var contracts = new Dictionary<string, HashSet<TokenContract>>(StringComparer.Ordinal);
        using var rows = Read(corpus, "coinpaprika/contracts-eth-ethereum.json");
        var platform = PlatformMap.Canonical(SourceNames.CoinPaprika, "eth-ethereum");
        foreach (var row in rows.RootElement.EnumerateArray())
        {
            if (TokenContract.From(platform, row.GetProperty("address").GetString()) is { } contract)
            {
                var id = row.GetProperty("id").GetString()!;
                contracts.TryAdd(id, []);
                contracts[id].Add(contract);
            }
        }

        using var coins = Read(corpus, "coinpaprika/coins.json");
        foreach (var coin in coins.RootElement.EnumerateArray())
        {
            var id = coin.GetProperty("id").GetString()!;
            yield return Of(SourceNames.CoinPaprika, id, coin, coin.GetProperty("is_active").GetBoolean(), contracts.GetValueOrDefault(id));
        }
    }

    private static IEnumerable<CandidateListing> ReadGecko(string corpus)
    {
        using var coins = Read(corpus, "coingecko/coins-list.json");
        foreach (var coin in coins.RootElement.EnumerateArray())
        {
            var contracts = coin.GetProperty("platforms").EnumerateObject()
                .Select(platform =>
                    TokenContract.From(PlatformMap.Canonical(SourceNames.CoinGecko, platform.Name), platform.Value.GetString()))
                .OfType<TokenContract>().ToHashSet();
            yield return Of(SourceNames.CoinGecko, coin.GetProperty("id").GetString()!, coin, isActive: true, contracts);
        }
    }

    private static CandidateListing Of(string source, string id, JsonElement coin, bool isActive, HashSet<TokenContract>? contracts) => new(
        StableId.ForListing(source, id), source, id, coin.GetProperty("symbol").GetString()!, coin.GetProperty("name").GetString()!,
        isActive,
        DateTimeOffset.UnixEpoch, contracts);

    private static JsonDocument Read(string corpus, string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(corpus, file)));

    /// <summary>Beside the repository, wherever the tests were built to.</summary>
    private static string? FindCorpus()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var corpus = Path.Combine(folder.FullName, "shared", "corpus");
            if (File.Exists(Path.Combine(corpus, "identity-sample.json")))
            {
                return corpus;
            }
        }

        return null;
    }
}
