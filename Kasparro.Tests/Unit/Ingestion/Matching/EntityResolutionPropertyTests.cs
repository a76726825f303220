using Kasparro.Ingestion.Matching;
using Kasparro.Ingestion.Model;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

/// <summary>Properties on 250 small catalogues each, with so few names, symbols and contracts that they collide in every way.</summary>
public sealed class EntityResolutionPropertyTests
{
    private const int Cases = 250;

    [Fact]
    public void The_partition_does_not_depend_on_the_order_of_arrival()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var listings = Catalogue(random);
            var prices = Prices(listings, random);
            var expected = EntityResolution.Resolve(listings, prices, MatchOverrides.None);
            random.Shuffle(listings);
            var again = EntityResolution.Resolve(listings, prices, MatchOverrides.None);
            Assert.Equal(expected.Assets.OrderBy(entry => entry.Key), again.Assets.OrderBy(entry => entry.Key));
            Assert.Equal(Texts(expected), Texts(again));
        }
    }

    [Fact]
    public void What_is_not_connected_has_no_say()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var listings = Catalogue(new Random(seed));
            var whole = ComponentResolution.Resolve(listings, BlockingBuckets.From(listings), PriceAgreement.None, MatchOverrides.None);
            Assert.Equal(Texts(whole), Texts(EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None)));
        }
    }

    /// <summary>A price history exported with consecutive ids, whose rows all belong to one coin that two sources list as well.</summary>
    [Theory]
    [InlineData(BlockingKey.MaxOfSource, BlockingKey.MaxOfSource * 2)]
    [InlineData(20_000, 0)]
    public void More_rows_under_one_key_than_a_source_may_have_match_nothing_and_hide_nothing(int rows, int refusals)
    {
        var (paprika, gecko) = (ListingBuilder.Paprika("btc-bitcoin", "BTC", "Bitcoin"), ListingBuilder.Gecko("bitcoin", "BTC", "Bitcoin"));
        var exported = Enumerable.Range(1, rows)
            .Select(n => ListingBuilder.Create(SourceNames.Csv, $"{n}", "BTC", "Bitcoin", isActive: true, day: 1));

        var clustering = EntityResolution.Resolve([paprika, gecko, .. exported], PriceAgreement.None, MatchOverrides.None);

        Assert.Equal(MatchRule.SymbolNameSlug, clustering.GetRule(paprika, gecko));
        Assert.Equal(refusals, clustering.Decisions.Count(decision => !decision.Unites));
        Assert.Equal(rows + 1, clustering.Assets.Values.Distinct().Count());
        Assert.Equal(rows > BlockingKey.MaxOfSource, clustering.Crowded.Contains((new(BlockingKeyKind.Match, "BTC|bit"), SourceNames.Csv)));
    }

    [Fact]
    public void A_listing_under_a_new_id_takes_the_place_of_one_that_is_gone_when_both_have_one_contract()
    {
        var paprika = ListingBuilder.Paprika("zdt-zetadiploma", "ZDT", "ZetaDiploma", "ethereum:0xA");
        var former = ListingBuilder.Delisted("zetadiploma", "ZDT", "ZetaDiploma", "ethereum:0xA");
        var renamed = ListingBuilder.Gecko("zeta-certified-data", "ZDT", "Zeta Certified Data Token", "ethereum:0xA");

        Assert.Single(
            EntityResolution.Resolve([paprika, former, renamed], PriceAgreement.None, MatchOverrides.None).Assets.Values.Distinct());
    }

    [Fact]
    public void A_listing_that_is_gone_joins_none_of_two_that_have_its_contract()
    {
        var former = ListingBuilder.Delisted("foo", "FOO", "Foo", "ethereum:0xA");
        var (one, other) = (ListingBuilder.Gecko("bar", "BAR", "Bar", "ethereum:0xA"),
            ListingBuilder.Gecko("baz", "BAZ", "Baz", "ethereum:0xA"));

        Assert.Equal(
            3, EntityResolution.Resolve([former, one, other], PriceAgreement.None, MatchOverrides.None).Assets.Values.Distinct().Count());
    }

    [Fact]
    public void More_evidence_never_splits_without_a_recorded_reason()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var listings = Catalogue(random);
            var more = listings.Select(listing => random.Next(4) == 0 ? WithContract(listing, random) : listing).Append(Listing(random, 99))
                .DistinctBy(listing => listing.ListingId).ToArray();
            var before = EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None);
            var after = EntityResolution.Resolve(more, PriceAgreement.None, MatchOverrides.None);
            foreach (var decision in before.Decisions.Where(decision => decision.Unites && decision.Left.Source != decision.Right.Source))
            {
                var (left, right) = (decision.Left.ListingId, decision.Right.ListingId);
                Assert.True(
                    after.Assets[left] == after.Assets[right]
                    || after.Decisions.Any(later => !later.Unites && later.Left.ListingId == left && later.Right.ListingId == right),
                    $"seed {seed}: {decision.Left} and {decision.Right} were split in silence");
            }
        }
    }

    [Fact]
    public void What_prices_say_splits_nothing_without_a_recorded_reason()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var listings = Catalogue(random);
            var before = EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None);
            var after = EntityResolution.Resolve(listings, Prices(listings, random), MatchOverrides.None);
            foreach (var decision in before.Decisions.Where(decision => decision.Unites && decision.Left.Source != decision.Right.Source))
            {
                Assert.True(
                    after.Assets[decision.Left.ListingId] == after.Assets[decision.Right.ListingId]
                    || after.Decisions.Any(later => !later.Unites && later.Left == decision.Left && later.Right == decision.Right),
                    $"seed {seed}: {decision.Left} and {decision.Right} were split in silence");
            }
        }
    }

    [Fact]
    public void An_asset_keeps_the_id_of_its_oldest_listing_when_more_listings_come()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var listings = Catalogue(random);
            var assets = EntityResolution.Resolve(listings.Append(Listing(random, 99)).DistinctBy(listing => listing.ListingId),
                PriceAgreement.None, MatchOverrides.None).Assets;
            var created = listings.ToDictionary(listing => listing.ListingId, listing => listing.CreatedAt);
            foreach (var listing in listings.Where(listing => created.ContainsKey(assets[listing.ListingId])))
            {
                Assert.True(created[assets[listing.ListingId]] <= listing.CreatedAt, $"seed {seed}");
            }

            Assert.All(assets.Values.Distinct(), assetId => Assert.Equal(assetId, assets[assetId]));
        }
    }

    [Fact]
    public void Two_sources_are_one_to_one_unless_one_contract_is_listed_twice()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var listings = Catalogue(new Random(seed));
            var assets = EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None).Assets;
            foreach (var twins in listings.GroupBy(listing => (assets[listing.ListingId], listing.Source))
                .Where(group => group.Count() > 1))
            {
                Assert.All(twins,
                    twin => Assert.True(twin.Contracts.Count > 0 && twin.Contracts.SetEquals(twins.First().Contracts), $"seed {seed}"));
            }
        }
    }

    /// <summary>Creates random price verdicts on a third of all pairs.</summary>
    private static PriceAgreement Prices(CandidateListing[] listings, Random random) => new(
        listings.SelectMany(
            left => listings.Where(right => right != left && random.Next(6) == 0).Select(right => (left.ListingId, right.ListingId)))
            .DistinctBy(pair => pair.Item1.CompareTo(pair.Item2) < 0 ? pair : (pair.Item2, pair.Item1))
            .ToDictionary(pair => pair, _ => random.Next(2) == 0));

    private static CandidateListing[] Catalogue(Random random) =>
        [.. Enumerable.Range(0, random.Next(2, 14)).Select(number => Listing(random, number)).DistinctBy(listing => listing.ListingId)];

    private static CandidateListing Listing(Random random, int day)
    {
        string[] stems = ["Foo", "Foo Bar", "Goofy", "Foobar"];
        string[] endings = ["", "", "", " Token", " Protocol", " [OLD]", " BSC", " v2", " Inu"];
        string[] symbols = ["FOO", "FOO", "BAR", "XFOO"];
        var name = Pick(stems) + Pick(endings);
        var symbol = Pick(symbols);
        var source = Pick(
            [SourceNames.CoinPaprika, SourceNames.CoinPaprika, SourceNames.CoinGecko, SourceNames.CoinGecko, SourceNames.Csv]);
        var slug = name.ToLowerInvariant().Replace(' ', '-') + Pick(["", "", "-2", "-coin"]);
        var id = source == SourceNames.CoinPaprika ? $"{symbol.ToLowerInvariant()}-{slug}" : slug;
        return ListingBuilder.Create(source, id, symbol, name, random.Next(4) != 0, day, Contracts());

        string Pick(string[] from) => from[random.Next(from.Length)];

        IEnumerable<string> Contracts() =>
            Enumerable.Range(0, random.Next(3)).Select(_ => Contract(random)).Distinct(StringComparer.Ordinal);
    }

    private static CandidateListing WithContract(CandidateListing listing, Random random)
    {
        var parts = Contract(random).Split(':');
        return new(
            listing.ListingId, listing.Source, listing.ExternalId, listing.Symbol, listing.Name, listing.IsActive, listing.CreatedAt,
            new HashSet<TokenContract>(listing.Contracts) { new(parts[0], parts[1]) });
    }

    private static string Contract(Random random) => $"{(random.Next(2) == 0 ? "ethereum" : "solana")}:{(char)('A' + random.Next(5))}";

    private static IEnumerable<string> Texts(Clustering partition) => partition.Decisions
        .Select(decision => $"{decision.Left} {decision.Right} {decision.Rule} {decision.Reason} {decision.Confidence}")
        .Order(StringComparer.Ordinal);
}
