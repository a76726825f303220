using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class ListingTraitsTests
{
    [Theory]
    [InlineData("Axie Infinity", "AXIE-INFINITY")]
    [InlineData("yearn.finance", "Yearn Finance")]
    [InlineData("ＡＢＣ Coin", "abc coin")]
    [InlineData("BondAppétit", "bondappetit")]
    public void Fold_is_equal_when_only_case_punctuation_width_or_accents_differ(string name, string other) =>
        Assert.Equal(Of("x", "X", name).Fold, Of("x", "X", other).Fold);

    [Theory]
    [InlineData("Foo [OLD]", "foo", "old")]
    [InlineData("Legacy Foo", "foo", "old")]
    [InlineData("Foo (ERC-20) Token", "foo", "erc20")]
    [InlineData("Foo 2.0", "foo", "v2")]
    [InlineData("Wrapped Foo Coin", "foo", "wrapped")]
    [InlineData("The Foo Protocol", "foo", "")]
    [InlineData("Token", "token", "")]
    public void Stem_and_form_take_the_name_apart(string name, string stem, string form)
    {
        var traits = Of("x", "X", name);
        Assert.Equal((stem, form), (traits.Stem, traits.Form));
    }

    [Theory]
    [InlineData(SourceNames.CoinPaprika, "btc-bitcoin", "BTC", "bitcoin")]
    [InlineData(SourceNames.CoinPaprika, "luna-terra", "LUNC", "terra")]
    [InlineData(SourceNames.CoinGecko, "usd-coin", "USDC", "usdcoin")]
    [InlineData(SourceNames.CoinGecko, "synapse-2", "SYN", "synapse")]
    [InlineData(SourceNames.Csv, "anything", "X", "")]
    public void Slug_is_what_the_source_calls_it(string source, string externalId, string symbol, string slug) =>
        Assert.Equal(slug, ListingTraits.From(source, externalId, symbol, "Name").Slug);

    [Theory]
    [InlineData("", "Bitcoin")]
    [InlineData("  ", "Bitcoin")]
    [InlineData("BTC", "🚀🚀")]
    [InlineData("BTC", "---")]
    public void MatchKey_is_null_when_symbol_or_name_has_nothing_to_match_by(string symbol, string name) =>
        Assert.Null(Of("x", symbol, name).MatchKey);

    [Fact]
    public void Fold_keeps_letters_of_every_script() => Assert.Equal("بيتكوين", Of("x", "X", "بيت كوين").Fold);

    [Fact]
    public void Symbol_of_an_emoji_is_the_emoji() => Assert.Equal("🦜", Of("x", " 🦜 ", "Parrot").Symbol);

    private static ListingTraits Of(string externalId, string symbol, string name) => ListingTraits.From(SourceNames.CoinGecko, externalId, symbol, name);
}
