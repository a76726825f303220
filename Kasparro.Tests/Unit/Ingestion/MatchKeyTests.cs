using Kasparro.Ingestion.Identity;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class MatchKeyTests
{
    [Theory]
    [InlineData("btc", "Bitcoin", "BTC", "bitcoin")]
    [InlineData("AXS", "Axie Infinity", "axs", "AXIE-INFINITY")]
    [InlineData("YFI", "yearn.finance", "YFI", "Yearn Finance")]
    [InlineData("ABC", "ＡＢＣ Coin", "ABC", "abc coin")]
    public void Of_is_equal_when_only_case_punctuation_or_width_differ(string symbol, string name, string otherSymbol, string otherName) =>
        Assert.Equal(MatchKey.Of(symbol, name), MatchKey.Of(otherSymbol, otherName));

    [Theory]
    [InlineData("BTC", "Bitcoin", "BTC", "Bitcoin Cash")]
    [InlineData("BTC", "Bitcoin", "WBTC", "Bitcoin")]
    [InlineData("LUNA", "Terra", "LUNA", "Terra Classic")]
    public void Of_differs_when_symbol_or_name_differ(string symbol, string name, string otherSymbol, string otherName) =>
        Assert.NotEqual(MatchKey.Of(symbol, name), MatchKey.Of(otherSymbol, otherName));

    [Theory]
    [InlineData("", "Bitcoin")]
    [InlineData("  ", "Bitcoin")]
    [InlineData("BTC", "🚀🚀")]
    [InlineData("BTC", "---")]
    public void Of_is_null_when_symbol_or_name_has_nothing_to_match_by(string symbol, string name) =>
        Assert.Null(MatchKey.Of(symbol, name));

    [Fact]
    public void Of_keeps_letters_of_every_script() =>
        Assert.Equal("X|بيتكوين", MatchKey.Of("x", "بيت كوين"));
}
