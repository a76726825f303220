using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class PriceEvidenceTests
{
    private readonly CandidateListing _paprika = ListingBuilder.Paprika("foo-foo", "FOO", "Foo");
    private readonly CandidateListing _gecko = ListingBuilder.Gecko("foo", "FOO", "Foo");
    private readonly CandidateListing _sameNamed = ListingBuilder.Gecko("foo-2", "FOO", "Foo");

    [Fact]
    public void Prices_apart_veto_a_merge_by_names()
    {
        var partition = Decide([_paprika, _gecko], (_paprika, _gecko, false));
        Assert.Equal(RefusalReason.Price, partition.GetRefusal(_paprika, _gecko));
        Assert.NotEqual(partition.Assets[_paprika.ListingId], partition.Assets[_gecko.ListingId]);
        Assert.Contains("but prices apart by a factor", partition.Decisions.Single().Evidence);
    }

    [Fact]
    public void Prices_apart_do_not_outweigh_a_contract_or_a_person()
    {
        var (left, right) = (ListingBuilder.Paprika("foo-foo", "FOO", "Foo", "ethereum:0xa"),
            ListingBuilder.Gecko("foo", "FOO", "Foo", "ethereum:0xa"));
        Assert.Equal(MatchRule.Contract, Decide([left, right], (left, right, false)).GetRule(left, right));

        var overrides = new MatchOverrides([(_paprika.ListingId, _gecko.ListingId)], []);
        var verdicts = new PriceAgreement(new Dictionary<(Guid, Guid), bool> { [(_paprika.ListingId, _gecko.ListingId)] = false });
        Assert.Equal(MatchRule.Override, EntityResolution.Resolve([_paprika, _gecko], verdicts, overrides).GetRule(_paprika, _gecko));
    }

    [Fact]
    public void Prices_pick_one_of_several_that_fit_equally_well()
    {
        Assert.Equal(RefusalReason.Ambiguous, Decide([_paprika, _gecko, _sameNamed]).GetRefusal(_paprika, _gecko));

        var partition = Decide([_paprika, _gecko, _sameNamed], (_sameNamed, _paprika, true));
        Assert.Equal(MatchRule.SymbolNameSlug, partition.GetRule(_paprika, _sameNamed));
        Assert.Contains("price and size of the market", partition.Decisions.Single(decision => decision.Unites).Evidence);
        Assert.False(partition.Decisions.Single(decision => decision.Right == _gecko).Unites);
    }

    [Fact]
    public void Prices_that_fit_several_pick_none()
    {
        var partition = Decide([_paprika, _gecko, _sameNamed], (_paprika, _gecko, true), (_paprika, _sameNamed, true));
        Assert.Equal(RefusalReason.Ambiguous, partition.GetRefusal(_paprika, _gecko));
        Assert.Equal(RefusalReason.Ambiguous, partition.GetRefusal(_paprika, _sameNamed));
    }

    [Fact]
    public void Whoever_is_left_when_prices_veto_one_is_not_therefore_the_other()
    {
        var partition = Decide([_paprika, _gecko, _sameNamed], (_paprika, _gecko, false));
        Assert.Equal(RefusalReason.Price, partition.GetRefusal(_paprika, _gecko));
        Assert.Equal(RefusalReason.Ambiguous, partition.GetRefusal(_paprika, _sameNamed));
    }

    private static Clustering Decide(
        CandidateListing[] listings, params (CandidateListing Left, CandidateListing Right, bool Agrees)[] prices) =>
        EntityResolution.Resolve(
            listings,
            new PriceAgreement(prices.ToDictionary(price => (price.Left.ListingId, price.Right.ListingId), price => price.Agrees)),
            MatchOverrides.None);
}
