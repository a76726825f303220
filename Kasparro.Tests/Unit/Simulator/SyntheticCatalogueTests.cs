using Kasparro.Simulator.Generation;

namespace Kasparro.Tests.Unit.Simulator;

/// <summary>The traps of the real data, counted in a catalogue of about half its size.</summary>
public sealed class SyntheticCatalogueTests
{
    private static readonly SyntheticCatalogue Large = SyntheticCatalogue.Generate(50_000, seed: 7);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(999)]
    [InlineData(2_000)]
    [InlineData(30_000)]
    public void Generate_has_exactly_the_size_asked_for_when_it_is_small_or_large(int assets)
    {
        var catalogue = SyntheticCatalogue.Generate(assets, seed: 3);
        var size = CatalogueSize.For(assets);

        Assert.Equal(assets, catalogue.CoinPaprika.Count);
        Assert.Equal(size.Active, catalogue.CoinPaprika.Count(p => p.IsActive));
        Assert.Equal(size.Gecko, catalogue.CoinGecko.Count);
        Assert.Equal("btc-bitcoin", catalogue.CoinPaprika[0].Id);
    }

    [Fact]
    public void Generate_gives_the_same_catalogue_when_the_seed_is_the_same()
    {
        var (first, second, other) = (SyntheticCatalogue.Generate(2_000, 5), SyntheticCatalogue.Generate(2_000, 5),
            SyntheticCatalogue.Generate(2_000, 6));

        Assert.Equal(Fingerprint(first), Fingerprint(second));
        Assert.Equal(first.Truth, second.Truth);
        Assert.NotEqual(Fingerprint(first), Fingerprint(other));
    }

    [Fact]
    public void Ids_are_unique_on_each_side()
    {
        Assert.Equal(Large.CoinPaprika.Count, Large.CoinPaprika.Select(p => p.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Large.CoinGecko.Count, Large.CoinGecko.Select(g => g.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Symbols_are_shared_as_often_as_in_reality()
    {
        var symbols = Large.CoinGecko.CountBy(g => g.Symbol, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(StringComparer.OrdinalIgnoreCase);
        var sharing = (double)symbols.Values.Where(n => n > 1).Sum() / Large.CoinGecko.Count;

        Assert.InRange(sharing, 0.33, 0.40);
        Assert.Equal(5, symbols["btc"]);
        Assert.True(symbols["weth"] > symbols["eth"] && symbols["weth"] > 20);
        Assert.Equal(4, Large.CoinGecko.Count(g => string.IsNullOrWhiteSpace(g.Symbol)));
    }

    [Fact]
    public void Symbol_and_name_together_are_shared_too()
    {
        var shared = Large.CoinGecko.CountBy(g => (g.Symbol, g.Name)).Where(g => g.Value > 1).Sum(g => g.Value);

        Assert.InRange((double)shared / Large.CoinGecko.Count, 0.025, 0.045);
    }

    [Fact]
    public void Derived_forms_are_assets_of_their_own()
    {
        var forms = Large.CoinGecko.Where(g =>
            g.Name.Contains("Bridge", StringComparison.Ordinal) || g.Name.StartsWith("Wrapped ", StringComparison.Ordinal)
                || g.Name.StartsWith("Staked ", StringComparison.Ordinal)).ToArray();

        Assert.InRange((double)forms.Length / Large.CoinGecko.Count, 0.03, 0.07);
        Assert.Equal(forms.Length, forms.Select(f => f.Asset).Distinct().Count());
    }

    [Fact]
    public void Odd_shapes_are_all_there()
    {
        var ids = Large.CoinGecko.Select(g => g.Id).ToArray();

        Assert.Contains("-3", ids, StringComparer.Ordinal);
        Assert.Contains("1move token", ids, StringComparer.Ordinal);
        Assert.Equal(70, ids.Max(i => i.Length));
        Assert.Equal(38, Large.CoinGecko.Max(g => g.Symbol.Length));
        Assert.Equal(71, Large.CoinGecko.Max(g => g.Name.Length));
        Assert.Contains(Large.CoinGecko, g => g.Symbol.EnumerateRunes().Any(r => r.Value > 0xFFFF));
        Assert.Contains(Large.CoinGecko, g => g.Name.Any(c => c is >= '\u0600' and <= '\u06FF'));
        Assert.Contains(Large.CoinGecko, g => g.Name.Any(c => c is >= '\u0590' and <= '\u05FF'));
    }

    [Fact]
    public void Addresses_are_no_key_without_their_platform()
    {
        var contracts = Large.CoinGecko.SelectMany(g => g.Contracts.Select(c => (g.Id, g.Asset, Contract: c))).ToArray();
        var shared = contracts.Where(c => c.Contract.Address.Length > 0).GroupBy(c => c.Contract.Address, StringComparer.Ordinal)
            .Count(g => g.Select(c => c.Asset).Distinct().Count() > 1);
        var twice = contracts.Where(c => c.Contract.Address.Length > 0).GroupBy(c => c.Contract)
            .Where(g => g.Select(c => c.Id).Distinct(StringComparer.Ordinal).Count() > 1).ToArray();

        Assert.InRange(shared, 20, 100);
        Assert.InRange(contracts.Count(c => c.Contract.Address.Length == 0), 40, 100);
        Assert.InRange(twice.Length, 1, 20);
        Assert.All(twice, g => Assert.Single(g.Select(c => c.Asset).Distinct()));
    }

    [Fact]
    public void Platform_ids_of_the_upstreams_differ()
    {
        Assert.All(Platform.All, p => Assert.NotEqual(p.PaprikaId, p.GeckoId, StringComparer.Ordinal));
        Assert.Contains(Platform.All, p => p.PaprikaId is null);
    }

    [Fact]
    public void Pairs_that_name_rules_get_wrong_are_in_the_truth()
    {
        var truth = Large.Truth.ToHashSet();

        Assert.Contains(new TruthPair("btc-bitcoin", "bitcoin"), truth);
        Assert.Contains(new TruthPair("btt-bittorrent", "bittorrent-old"), truth);
        Assert.Contains(new TruthPair("bttc-bittorrent-chain", "bittorrent"), truth);
        Assert.Contains(new TruthPair("xrp-xrp", "ripple"), truth);
        Assert.Contains(new TruthPair("avax-avalanche", "avalanche-2"), truth);
        Assert.Contains(new TruthPair("knc-kyber-network", "kyber-network-crystal"), truth);
    }

    [Fact]
    public void Truth_covers_seven_tenths_of_coingecko_and_names_listings_that_exist()
    {
        var truth = Large.Truth.ToArray();
        var (paprika, gecko) = (Large.CoinPaprika.Select(p => p.Id).ToHashSet(StringComparer.Ordinal),
            Large.CoinGecko.Select(g => g.Id).ToHashSet(StringComparer.Ordinal));

        Assert.InRange((double)truth.Length / Large.CoinGecko.Count, 0.68, 0.72);
        Assert.All(truth, t => Assert.True(paprika.Contains(t.CoinPaprikaId) && gecko.Contains(t.CoinGeckoId)));
        Assert.Equal(truth.Length, truth.Select(t => t.CoinGeckoId).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_contract_on_one_platform_proves_identity_and_most_pairs_have_one()
    {
        var byContract = Large.CoinGecko.SelectMany(g => g.Contracts.Where(c => c.Address.Length > 0).Select(c => (Key: Key(c), g.Asset)))
            .DistinctBy(c => c.Key).ToDictionary(c => c.Key, c => c.Asset);
        var proven = 0;
        foreach (var listing in Large.CoinPaprika)
        {
            var assets = listing.Contracts.Select(c => byContract.GetValueOrDefault(Key(c))).OfType<SyntheticAsset>().Distinct().ToArray();
            Assert.All(assets, a => Assert.Same(listing.Asset, a));
            proven += assets.Length;
        }

        Assert.InRange((double)proven / Large.Truth.Count(), 0.7, 0.9);
    }

    [Fact]
    public void Name_and_symbol_alone_mislead_and_contracts_or_prices_say_so()
    {
        var geckoByName = Large.CoinGecko.GroupBy(g => (g.Symbol.ToUpperInvariant(), g.Name)).Where(g => g.Count() == 1)
            .ToDictionary(g => g.Key, g => g.Single());
        var misleading = Large.CoinPaprika.GroupBy(p => (p.Symbol.ToUpperInvariant(), p.Name))
            .Where(g => g.Count() == 1 && geckoByName.ContainsKey(g.Key))
            .Select(g => (Paprika: g.Single(), Gecko: geckoByName[g.Key])).Where(p => p.Paprika.Asset != p.Gecko.Asset).ToArray();

        Assert.InRange(misleading.Length, 20, 2_000);
        Assert.All(misleading, p => Assert.True(
            Contradicts(p.Paprika, p.Gecko)
            || p.Paprika.Asset.Market.Price / p.Gecko.Asset.Market.Price is < 0.1 or > 10
            || p.Gecko.Asset.Paprika is { Contracts.Length: > 0 } // A contract proves its true partner: no other can be it.
        ));
    }

    [Fact]
    public void Old_and_new_forms_of_a_token_have_contracts_that_tell_them_apart()
    {
        var old = Large.CoinGecko.Where(
            g => g.Name.EndsWith(" [OLD]", StringComparison.Ordinal) && g.Asset.Paprika is not null
                && g.Id.EndsWith("-old", StringComparison.Ordinal)).ToArray();

        Assert.InRange(old.Length, 4, 20);
        Assert.All(old, g => Assert.Contains(g.Asset.Paprika!.Contracts, c => g.Contracts.Contains(c)));
        Assert.All(old, g => Assert.NotEqual(g.Name, g.Asset.Paprika!.Name, StringComparer.Ordinal));
    }

    private static bool Contradicts(PaprikaListing paprika, GeckoListing gecko) =>
        paprika.Contracts.Any(p => gecko.Contracts.Any(g => g.Platform == p.Platform && Key(g) != Key(p)));

    private static (string Platform, string Address) Key(PlatformContract contract) =>
        (contract.Platform.GeckoId, contract.Platform.Format == AddressFormat.Evm ? contract.Address.ToLowerInvariant() : contract.Address);

    private static int Fingerprint(SyntheticCatalogue catalogue)
    {
        var hash = default(HashCode);
        foreach (var listing in catalogue.CoinPaprika)
        {
            hash.Add((listing.Id, listing.Name, listing.Symbol, listing.IsActive, listing.Asset.Market.Price, listing.Contracts.Length));
        }

        foreach (var listing in catalogue.CoinGecko)
        {
            hash.Add((listing.Id, listing.Name, listing.Symbol, listing.Asset.Market.Circulating, listing.Contracts.FirstOrDefault()));
        }

        return hash.ToHashCode();
    }
}
