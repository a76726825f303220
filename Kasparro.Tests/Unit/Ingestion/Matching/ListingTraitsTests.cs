using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class ListingTraitsTests
{
    [Theory]
    [InlineData("Foo (Prevail)")]
    [InlineData("Foo (Exchange)")]
    [InlineData("Foo (Old)")]
    [InlineData("(prev. Foo)")]
    public void Fold_has_what_stands_in_parentheses_unless_it_is_a_former_name(string name) =>
        Assert.Equal(string.Concat(name.Where(char.IsAsciiLetter)).ToLowerInvariant(), Traits("x", "X", name).Fold);

    [Theory]
    [InlineData("Axie Infinity", "AXIE-INFINITY")]
    [InlineData("yearn.finance", "Yearn Finance")]
    [InlineData("ＡＢＣ Coin", "abc coin")]
    [InlineData("BondAppétit", "bondappetit")]
    [InlineData("Sonic (prev. FTM)", "Sonic")]
    [InlineData("Terra Classic (formerly Luna)", "Terra Classic")]
    [InlineData("POL (ex-MATIC)", "POL")]
    [InlineData("Foo (previously known as Bar) Token", "Foo Token")]
    public void Fold_is_equal_when_only_case_punctuation_width_accents_or_former_names_differ(string name, string other) =>
        Assert.Equal(Traits("x", "X", name).Fold, Traits("x", "X", other).Fold);

    [Theory]
    [InlineData("Foo [OLD]", "foo", "old")]
    [InlineData("Legacy Foo", "foo", "old")]
    [InlineData("Foo (ERC-20) Token", "foo", "erc20")]
    [InlineData("Foo 2.0", "foo", "v2")]
    [InlineData("Wrapped Foo Coin", "foo", "wrapped")]
    [InlineData("The Foo Protocol", "foo", "")]
    [InlineData("Token", "token", "")]
    [InlineData("Polygon", "polygon", "")]
    [InlineData("Solana Bridged", "solana", "bridged")]
    [InlineData("Wrapped Solana", "solana", "wrapped")]
    [InlineData("Baby Bull V2", "bull", "baby v2")]
    [InlineData("Portal", "portal", "")]
    public void Stem_and_form_take_the_name_apart(string name, string stem, string form)
    {
        var traits = Traits("x", "X", name);
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
        Assert.Null(Traits("x", symbol, name).MatchKey);

    [Fact]
    public void Fold_keeps_letters_of_every_script() => Assert.Equal("بيتكوين", Traits("x", "X", "بيت كوين").Fold);

    [Fact]
    public void Symbol_of_an_emoji_is_the_emoji() => Assert.Equal("🦜", Traits("x", " 🦜 ", "Parrot").Symbol);

    /// <summary>PostgreSQL and UTF-8 have no halves of a character; hieroglyphs have two UTF-16 units each.</summary>
    [Theory]
    [InlineData("EYE", "𓂀𓂀", "EYE|𓂀")]
    [InlineData("𓆏𓆏𓆏𓆏𓆏𓆏", "Frog", "𓆏𓆏𓆏𓆏𓆏|fro")]
    [InlineData("A𓆏𓆏𓆏𓆏𓆏", "a𓆏𓆏", "A𓆏𓆏𓆏𓆏|a𓆏")]
    public void Keys_are_cut_between_characters(string symbol, string name, string key) =>
        Assert.Equal(key, Traits("x", symbol, name).MatchKey);

    private static ListingTraits Traits(
        string externalId, string symbol, string name) => ListingTraits.From(SourceNames.CoinGecko, externalId, symbol, name);

    /// <summary>
    /// PostgreSQL indexes at most 2,704 bytes; a character has up to four bytes, and folding may expand it to many characters.
    /// </summary>
    [Theory]
    [InlineData('\u4E00')] // CJK: three bytes each.
    [InlineData('\uAC01')] // Hangul: folded to three letters each.
    [InlineData('\uFDFA')] // One ligature, folded to eighteen letters.
    [InlineData('a')]
    public void Keys_are_short_enough_for_an_index_however_long_the_names_are(char first)
    {
        var text = string.Concat(Enumerable.Range(0, 512).Select(n => first == '\uFDFA' ? first : (char)(first + (n % 20))));

        var traits = ListingTraits.From(SourceNames.CoinGecko, text, text, text);

        Assert.All(
            new[] { traits.MatchKey, traits.SlugKey, traits.NameKey },
            key => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(key!), 1, 1_024));
    }

    [Fact]
    public void Long_keys_are_equal_where_their_texts_are_and_only_there()
    {
        var text = new string('\u4E00', 500);
        var (one, same, other) = (Traits(text + "a"), Traits(text + "a"), Traits(text + "b"));

        Assert.Equal((one.SlugKey, one.NameKey), (same.SlugKey, same.NameKey));
        Assert.NotEqual(one.SlugKey, other.SlugKey);
        Assert.NotEqual(one.NameKey, other.NameKey);

        static ListingTraits Traits(string text) => ListingTraits.From(SourceNames.CoinGecko, text, "FOO", text);
    }
}
