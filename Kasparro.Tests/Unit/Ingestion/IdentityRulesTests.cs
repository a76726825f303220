using Kasparro.Data;
using Kasparro.Ingestion.Identity;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class IdentityRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Candidate Paprika = Of(SourceNames.CoinPaprika, "btc-bitcoin", day: 2);
    private static readonly Candidate Gecko = Of(SourceNames.CoinGecko, "bitcoin", day: 1);
    private static readonly Candidate Csv = Of(SourceNames.Csv, "btc", day: 3);

    [Fact]
    public void Decide_unites_one_listing_a_source_under_the_oldest() =>
        Assert.All(IdentityRules.Decide([Paprika, Gecko, Csv]), decision => Assert.Equal(Gecko.ListingId, decision.AssetId));

    [Fact]
    public void Decide_unites_nobody_when_one_source_has_the_key_twice()
    {
        var decisions = IdentityRules.Decide([Paprika, Gecko, Of(SourceNames.CoinGecko, "bitcoin-2", day: 4)]);
        Assert.All(decisions, decision => Assert.Equal(decision.ListingId, decision.AssetId));
    }

    [Fact]
    public void Decide_leaves_a_listing_alone_when_nobody_shares_its_key()
    {
        Assert.Empty(IdentityRules.Decide([]));
        Assert.Equal([(Gecko.ListingId, Gecko.ListingId)], IdentityRules.Decide([Gecko]));
    }

    [Fact]
    public void Decide_prefers_the_first_source_when_all_are_equally_old()
    {
        var paprika = Of(SourceNames.CoinPaprika, "z", day: 1);
        Assert.All(IdentityRules.Decide([Gecko, paprika]), decision => Assert.Equal(paprika.ListingId, decision.AssetId));
    }

    [Fact]
    public void Decide_does_not_depend_on_the_order_of_arrival()
    {
        Candidate[] all = [Paprika, Gecko, Csv, Of("other", "x", day: 1), Of("another", "y", day: 1)];
        var expected = IdentityRules.Decide(all).ToDictionary();
        var random = new Random(7);
        for (var i = 0; i < 100; i++)
        {
            random.Shuffle(all);
            Assert.Equal(expected, IdentityRules.Decide(all).ToDictionary());
        }
    }

    private static Candidate Of(string source, string externalId, int day) =>
        new(StableId.ForListing(source, externalId), source, externalId, Start.AddDays(day));
}
