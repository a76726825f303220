using Kasparro.Ingestion.Matching;

namespace Kasparro.Tests.Unit.Ingestion.Matching;

public sealed class MatchRulesTests
{
    [Theory]
    [InlineData("btc-bitcoin", "BTC", "Bitcoin", "bitcoin", "BTC", "Bitcoin", "symbol_name_slug")]
    [InlineData("xrp-xrp", "XRP", "XRP", "ripple", "XRP", "XRP", "symbol_name")]
    [InlineData("inj-injective-protocol", "INJ", "Injective Protocol", "injective-protocol", "INJ", "Injective", "symbol_slug_stem")]
    [InlineData("cfx-conflux-network", "CFX", "Conflux Network", "conflux-token", "CFX", "Conflux", "symbol_stem")]
    [InlineData("hbar-hedera", "HBAR", "Hashgraph", "hedera", "HBAR", "Hedera", "symbol_slug")]
    [InlineData("floki-floki-inu", "FLOKI", "Floki Inu", "floki", "FLOKI", "FLOKI", "symbol_prefix")]
    [InlineData("maza-maza", "MAZA", "Maza", "maza", "MZC", "Maza", "name_slug")]
    [InlineData("btt-bittorrent", "BTT", "BitTorrent (Old Chain)", "bittorrent-old", "BTTOLD", "BitTorrent [OLD]", "symbol_stem")]
    [InlineData("luna-terra", "LUNC", "Terra Classic", "terra-luna", "LUNC", "Terra Luna Classic", "symbol_slug_alike")]
    [InlineData("usdp-paxos-standard-token", "USDP", "Paxos Standard", "paxos-standard", "USDP", "Pax Dollar", "symbol_slug_alike")]
    [InlineData("matic-polygon", "MATIC", "Polygon", "matic-network", "MATIC", "Polygon", "symbol_name")]
    [InlineData("forever-pump", "FOREVERPUM", "ForeverPump", "forever-pump", "FOREVERPUMP", "Forever Pump", "symbol_name")]
    public void Names_unite_when_they_agree(
        string paprikaId, string paprikaSymbol, string paprikaName, string geckoId, string geckoSymbol, string geckoName, string rule)
    {
        var (left, right) = (ListingBuilder.Paprika(paprikaId, paprikaSymbol, paprikaName),
            ListingBuilder.Gecko(geckoId, geckoSymbol, geckoName));
        Assert.Equal(rule, Decide(left, right).GetRule(left, right));
    }

    [Theory]
    [InlineData("abc-alpha", "ABC", "Alpha", "beta", "ABC", "Beta")] // Symbol alone is never evidence.
    [InlineData("eth-ethereum", "ETH", "Ethereum", "weth", "WETH", "Ethereum")]
    [InlineData("maid-maidsafecoin", "MAID", "MaidSafeCoin", "maidsafecoin", "EMAID", "MaidSafeCoin")]
    [InlineData("lith-lith-token", "LITH", "Lith Token", "lith-token", "LITH", "Lith [OLD]")]
    [InlineData("maga-maga-coin", "MAGA", "MAGA coin", "maga-coin", "MAGA", "MAGA Coin BSC")]
    [InlineData("smc-smartcoin", "SMC", "SmartCoin", "smartcoin-2", "SMRT", "SmartCoin")] // Another coin is called smartcoin.
    [InlineData("more-more-coin", "MORE", "More Coin", "more-token", "MORE", "Moremoney Finance")]
    [InlineData("sfm-safemoon", "SFM", "Safemoon V2", "safemoon-2", "SFM", "SafeMoon")]
    [InlineData("abc-foo-protocol", "ABC", "Foo Protocol", "foo-network", "ABC", "Foo Network")]
    [InlineData("sol-solana", "SOL", "Solana", "wrapped-solana", "SOL", "Wrapped Solana")]
    [InlineData("usdc-usd-coin", "USDC", "USD Coin", "bridged-usdc", "USDC", "Bridged USD Coin")]
    public void Names_do_not_unite_when_one_is_another_form_or_another_thing(
        string paprikaId, string paprikaSymbol, string paprikaName, string geckoId, string geckoSymbol, string geckoName)
    {
        var (left, right) = (ListingBuilder.Paprika(paprikaId, paprikaSymbol, paprikaName),
            ListingBuilder.Gecko(geckoId, geckoSymbol, geckoName));
        Assert.Null(Decide(left, right).GetRule(left, right));
    }

    [Fact]
    public void A_contract_unites_whatever_the_names_are()
    {
        var left = ListingBuilder.Paprika("omg-omg-network", "OMG", "OMG Network", "ethereum:0xD26114cd6EE289AccF82350c8d8487fedB8A0C07");
        var right = ListingBuilder.Gecko("omisego", "OMGO", "OmiseGO", "ethereum:0xd26114cd6ee289accf82350c8d8487fedb8a0c07");
        Assert.Equal(MatchRule.Contract, Decide(left, right).GetRule(left, right));
    }

    [Theory]
    [InlineData("ethereum:0xA", "binance-smart-chain:0xA")] // An address alone is not a key.
    [InlineData("solana:Abc", "solana:abc")] // Case matters, except in EVM addresses.
    public void Contracts_do_not_unite_when_platform_or_address_differ(string contract, string other)
    {
        var (left, right) = (ListingBuilder.Paprika("a-a", "A", "Alpha", contract), ListingBuilder.Gecko("b", "B", "Beta", other));
        Assert.Null(Decide(left, right).GetRule(left, right));
    }

    [Fact]
    public void Other_contracts_veto_a_rule_that_is_not_strong()
    {
        var (left, right) = (ListingBuilder.Paprika("abc-foo-token", "ABC", "Foo Token", "ethereum:0xA"),
            ListingBuilder.Gecko("foo", "ABC", "Foo", "ethereum:0xB"));
        Assert.Equal(RefusalReason.OtherContract, Decide(left, right).GetRefusal(left, right));
    }

    [Fact]
    public void A_moved_contract_is_no_veto_where_symbol_and_name_agree()
    {
        var left = ListingBuilder.Paprika("rpl-rocket-pool", "RPL", "Rocket Pool", "ethereum:0xA");
        var right = ListingBuilder.Gecko("rocket-pool", "RPL", "Rocket Pool", "ethereum:0xB");
        var partition = Decide(left, right);
        Assert.Equal(MatchRule.SymbolNameSlug, partition.GetRule(left, right));
        Assert.True(partition.Decisions[0].Confidence < 0.9);
    }

    [Fact]
    public void A_moved_contract_is_a_veto_where_the_old_one_is_listed_too()
    {
        var left = ListingBuilder.Paprika("abc-foo", "ABC", "Foo", "ethereum:0xA");
        var right = ListingBuilder.Gecko("foo", "ABC", "Foo", "ethereum:0xB");
        var old = ListingBuilder.Gecko("foo-old", "FOO", "Something [OLD]", "ethereum:0xA");
        var partition = Decide(left, right, old);
        Assert.Equal(MatchRule.Contract, partition.GetRule(left, old));
        Assert.Equal(RefusalReason.Taken, partition.GetRefusal(left, right));
    }

    [Fact]
    public void Nobody_is_united_when_several_fit_equally()
    {
        var left = ListingBuilder.Paprika("abc-foo", "ABC", "Foo");
        var (one, other) = (ListingBuilder.Gecko("foo-2", "ABC", "Foo"), ListingBuilder.Gecko("foo-3", "ABC", "Foo"));
        var partition = Decide(left, one, other);
        Assert.Equal(3, partition.Assets.Values.Distinct().Count());
        Assert.Equal(RefusalReason.Ambiguous, partition.GetRefusal(left, one));
    }

    [Fact]
    public void A_per_chain_sibling_vetoes_what_only_a_slug_says()
    {
        var left = ListingBuilder.Paprika("space-space-token", "SPACE", "Space Token");
        var wrong = ListingBuilder.Gecko("space-token", "SPACE", "ApeRocket Space");
        var partition = Decide(left, wrong, ListingBuilder.Gecko("space-token-bsc", "SPACE", "Space Token BSC"));
        Assert.Equal(RefusalReason.SiblingForm, partition.GetRefusal(left, wrong));
    }

    [Fact]
    public void An_active_listing_comes_before_an_inactive_one_of_the_same_name()
    {
        var (active, inactive) = (ListingBuilder.Paprika("abc-foo-2", "ABC", "Foo"), ListingBuilder.Inactive("abc-foo", "ABC", "Foo"));
        var right = ListingBuilder.Gecko("foo", "ABC", "Foo");
        var partition = Decide(active, inactive, right);
        Assert.NotNull(partition.GetRule(active, right));
        Assert.Equal(RefusalReason.Taken, partition.GetRefusal(inactive, right));
    }

    [Fact]
    public void An_inactive_listing_is_not_united_when_an_active_one_may_be_meant()
    {
        var (active, inactive) = (ListingBuilder.Paprika("abc-foo-cash", "ABC", "Foo Cash"),
            ListingBuilder.Inactive("abc-foo", "ABC", "Foo"));
        var right = ListingBuilder.Gecko("foo", "ABC", "Foo");
        Assert.Equal(RefusalReason.ActiveSibling, Decide(active, inactive, right).GetRefusal(inactive, right));
    }

    [Fact]
    public void Of_two_listings_with_one_contract_the_one_that_agrees_in_name_is_meant()
    {
        var (plain, bridged) = (ListingBuilder.Paprika("abc-foo", "ABC", "Foo", "ethereum:0xA"),
            ListingBuilder.Paprika("abc-foo-bep20", "ABC", "Foo BEP20", "binance-smart-chain:0xB"));
        var right = ListingBuilder.Gecko("foo", "ABC", "Foo", "ethereum:0xA", "binance-smart-chain:0xB");
        var partition = Decide(plain, bridged, right);
        Assert.Equal(MatchRule.Contract, partition.GetRule(plain, right));
        Assert.Equal(RefusalReason.Taken, partition.GetRefusal(bridged, right));
    }

    [Fact]
    public void One_asset_listed_twice_by_one_source_is_one_asset()
    {
        var left = ListingBuilder.Paprika("abc-foo", "ABC", "Foo", "ethereum:0xA");
        var (one, twin) = (ListingBuilder.Gecko("foo", "ABC", "Foo", "ethereum:0xA"),
            ListingBuilder.Gecko("foo-2", "ABC", "Foo", "ethereum:0xA"));
        Assert.Single(Decide(left, one, twin).Assets.Values.Distinct());
    }

    [Fact]
    public void Overrides_unite_and_split_against_all_evidence()
    {
        var (left, right) = (ListingBuilder.Paprika("btc-bitcoin", "BTC", "Bitcoin"), ListingBuilder.Gecko("bitcoin", "BTC", "Bitcoin"));
        var (here, there) = (ListingBuilder.Paprika("bttc-bittorrent-chain", "BTTC", "BitTorrent Chain"),
            ListingBuilder.Gecko("bittorrent", "BTT", "BitTorrent"));
        var overrides = new MatchOverrides([(there.ListingId, here.ListingId)], [(left.ListingId, right.ListingId)]);
        var partition = EntityResolution.Resolve([left, right, here, there], PriceAgreement.None, overrides);
        Assert.Equal(MatchRule.Override, partition.GetRule(here, there));
        Assert.Equal(RefusalReason.Override, partition.GetRefusal(left, right));
    }

    [Fact]
    public void The_oldest_listing_founds_the_asset()
    {
        var paprika = ListingBuilder.Create(SourceNames.CoinPaprika, "btc-bitcoin", "BTC", "Bitcoin", isActive: true, day: 2);
        var gecko = ListingBuilder.Create(SourceNames.CoinGecko, "bitcoin", "BTC", "Bitcoin", isActive: true, day: 1);
        var csv = ListingBuilder.Create(SourceNames.Csv, "1", "btc", "bitcoin", isActive: true, day: 3);
        Assert.All(Decide(paprika, gecko, csv).Assets.Values, asset => Assert.Equal(gecko.ListingId, asset));
    }

    [Fact]
    public void The_first_source_founds_the_asset_when_all_are_equally_old()
    {
        var (paprika, gecko) = (ListingBuilder.Paprika("btc-bitcoin", "BTC", "Bitcoin"), ListingBuilder.Gecko("bitcoin", "BTC", "Bitcoin"));
        Assert.All(Decide(gecko, paprika).Assets.Values, asset => Assert.Equal(paprika.ListingId, asset));
    }

    [Fact]
    public void A_rebrand_leaves_old_and_new_form_apart()
    {
        var (oldPaprika, newPaprika) = (ListingBuilder.Paprika("luna-terra", "LUNC", "Terra Classic"),
            ListingBuilder.Paprika("luna-terra-v2", "LUNA", "Terra"));
        var (oldGecko, newGecko) = (ListingBuilder.Gecko("terra-luna", "LUNC", "Terra Classic"),
            ListingBuilder.Gecko("terra-luna-2", "LUNA", "Terra"));
        var partition = EntityResolution.Resolve([oldPaprika, newPaprika, oldGecko, newGecko], PriceAgreement.None, MatchOverrides.None);
        Assert.NotNull(partition.GetRule(oldPaprika, oldGecko));
        Assert.NotNull(partition.GetRule(newPaprika, newGecko));
        Assert.Equal(2, partition.Assets.Values.Distinct().Count());
    }

    [Fact]
    public void A_plain_name_never_means_what_is_wrapped_or_bridged()
    {
        var plain = ListingBuilder.Paprika("bnb-binance-coin", "BNB", "Binance Coin");
        var (gecko, bridged) = (ListingBuilder.Gecko("binancecoin", "BNB", "BNB"),
            ListingBuilder.Gecko("binance-coin-wormhole", "BNB", "Binance Coin (Wormhole)"));
        var inactive = ListingBuilder.Inactive("bnb-bnb", "BNB", "BNB");

        var partition = Decide(plain, gecko, bridged, inactive);

        Assert.Equal(MatchRule.SymbolSlug, partition.GetRule(plain, gecko));
        Assert.Null(partition.GetRule(inactive, gecko));
    }

    [Fact]
    public void An_inactive_sameNamed_does_not_take_what_an_active_listing_could_be()
    {
        var (active, inactive) = (ListingBuilder.Paprika("foo-foo-space", "FOO", "Foo Space"),
            ListingBuilder.Inactive("foo-bar", "FOO", "Bar"));
        var (gecko, perChain) = (ListingBuilder.Gecko("foo-space", "FOO", "Bar"),
            ListingBuilder.Gecko("foo-space-bsc", "FOO", "Foo Space BSC"));

        var partition = Decide(active, inactive, gecko, perChain);

        Assert.Equal(RefusalReason.SiblingForm, partition.GetRefusal(active, gecko));
        Assert.Equal(RefusalReason.ActiveSibling, partition.GetRefusal(inactive, gecko));
    }

    [Fact]
    public void One_slug_takes_its_pick_before_slugs_that_are_alike()
    {
        var (plain, suffixed) = (ListingBuilder.Paprika("atom-cosmos", "ATOM", "Cosmos"),
            ListingBuilder.Paprika("atom-cosmos-token", "ATOM", "Cosmos Token"));
        var gecko = ListingBuilder.Gecko("cosmos", "ATOM", "Cosmos Hub");

        var partition = Decide(plain, suffixed, gecko);

        Assert.Equal(MatchRule.SymbolSlug, partition.GetRule(plain, gecko));
        Assert.Equal(RefusalReason.Taken, partition.GetRefusal(suffixed, gecko));
    }

    private static Clustering Decide(
        params CandidateListing[] listings) => EntityResolution.Resolve(listings, PriceAgreement.None, MatchOverrides.None);
}
