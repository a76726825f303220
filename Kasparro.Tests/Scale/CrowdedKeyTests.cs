using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Scale;

public sealed class CrowdedKeyTests
{
    [Fact]
    public void Eighty_thousand_rows_under_one_key_match_nothing_and_hide_nothing()
    {
        const int Rows = 80_000;
        var (paprika, gecko) = (ListingBuilder.Paprika("btc-bitcoin", "BTC", "Bitcoin"), ListingBuilder.Gecko("bitcoin", "BTC", "Bitcoin"));
        var exported = Enumerable.Range(1, Rows)
            .Select(n => ListingBuilder.Create(SourceNames.Csv, $"{n}", "BTC", "Bitcoin", isActive: true, day: 1));

        var clustering = EntityResolution.Resolve([paprika, gecko, .. exported], PriceAgreement.None, MatchOverrides.None);

        Assert.Equal(MatchRule.SymbolNameSlug, clustering.GetRule(paprika, gecko));
        Assert.DoesNotContain(clustering.Decisions, decision => !decision.Unites);
        Assert.Equal(Rows + 1, clustering.Assets.Values.Distinct().Count());
    }
}
