using System.Text.Json;
using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Scale;

/// <summary>The match rules on the whole recorded catalogues, compared with manually checked pairs.</summary>
public sealed class RecordedIdentityTests
{
    [Fact]
    public void Recorded_catalogues_are_unified_as_people_would()
    {
        using var sample = Read("identity-sample.json");
        var listings = ReadPaprika().Concat(ReadGecko()).ToList();

        var partition = EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None);

        var byAsset = listings.ToLookup(listing => partition.Assets[listing.ListingId]);
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

    private static IEnumerable<CandidateListing> ReadPaprika()
    {
        var contracts = new Dictionary<string, HashSet<TokenContract>>(StringComparer.Ordinal);
        using var rows = Read("coinpaprika/contracts-eth-ethereum.json");
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

        using var coins = Read("coinpaprika/coins.json");
        foreach (var coin in coins.RootElement.EnumerateArray())
        {
            var id = coin.GetProperty("id").GetString()!;
            yield return CreateListing(
                SourceNames.CoinPaprika, id, coin, coin.GetProperty("is_active").GetBoolean(), contracts.GetValueOrDefault(id));
        }
    }

    private static IEnumerable<CandidateListing> ReadGecko()
    {
        using var coins = Read("coingecko/coins-list.json");
        foreach (var coin in coins.RootElement.EnumerateArray())
        {
            var contracts = coin.GetProperty("platforms").EnumerateObject()
                .Select(platform =>
                    TokenContract.From(PlatformMap.Canonical(SourceNames.CoinGecko, platform.Name), platform.Value.GetString()))
                .OfType<TokenContract>().ToHashSet();
            yield return CreateListing(SourceNames.CoinGecko, coin.GetProperty("id").GetString()!, coin, isActive: true, contracts);
        }
    }

    private static CandidateListing CreateListing(
        string source, string id, JsonElement coin, bool isActive, HashSet<TokenContract>? contracts) => new(
        StableId.ForListing(source, id), source, id, coin.GetProperty("symbol").GetString()!, coin.GetProperty("name").GetString()!,
        isActive, DateTimeOffset.UnixEpoch, contracts);

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllBytes(Corpus.Require(file)));
}
