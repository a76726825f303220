using System.Globalization;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>A column that states the currency of its row.</summary>
public sealed class CsvCurrencyColumnTests : CsvFiles
{
    private const string Bare = "id,symbol,name,price";

    public static TheoryData<string> Names => ["currency", "Quote Currency", "vs_currency", "quote", "Price Currency", "quoteAsset"];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_in_another_currency_is_rejected_by_name(string header)
    {
        string[] dollars =
            ["USD", "usd", "US$", "$", "US Dollar", "U.S. dollars", "USD ($)", "", "N/A", "US-Dollar", "United States Dollar"];
        string[] others = ["EUR", "\u20AC", "BTC", "Bitcoin", "USDT", "Hong Kong Dollar", "A$", "%"];

        var rows = dollars.Concat(others).Select((currency, i) => $"{i},S{i},n{i},1.5,{currency}\n");
        var result = await Read($"{Header},{header}\n{string.Concat(rows)}");

        Assert.Equal(dollars.Select((_, i) => $"{i}"), result.Ids);
        Assert.All(result.Records, record => Assert.Equal(1.5, record.PriceUsd));
        Assert.All(
            result.Rejections.Zip(others),
            pair =>
            {
                Assert.Equal("bad_number", pair.First.Reason);
                Assert.Equal($"price_usd is in '{pair.Second}' by the column '{header}', not in US dollars.", pair.First.Detail);
            });
        Assert.Equal(others.Length, result.Rejections.Count);
    }

    /// <summary>Headers of columns with the currency of a price, in several languages.</summary>
    public static TheoryData<string> OtherNames =>
    [
        "ccy", "Price Ccy", "currency_code", "Currency Symbol", "cur", "fiat", "quote_symbol", "price_unit", "unit", "counter", "vs",
        "convert", "target", "TOSYMBOL", "Denomination", "Priced in", "devise", "moneda", "divisa", "moeda", "valuta", "W\u00E4hrung",
        "Waehrung", "settlement_currency", "Local Currency", "currencyId", "price_in", "Currency (ISO)", "fx", "tsym",
        "against", "denom", "quoteId", "kurs_waehrung", "settle",
    ];

    [Theory]
    [MemberData(nameof(OtherNames))]
    public async Task Column_of_codes_is_the_currency_by_any_of_its_names(string header)
    {
        var result = await Read($"{Bare},{header}\n1,A,a,1,EUR\n2,B,b,1,\u20AC\n3,C,c,1,USD\n4,D,d,1,\n");

        Assert.Equal(["3", "4"], result.Ids);
        Assert.Equal(["2:bad_number", "3:bad_number"], result.Faults);
    }

    /// <summary>Pairs of the row's own symbol, in a column of any name.</summary>
    [Theory]
    [InlineData("instId", "-")]
    [InlineData("altname", "")]
    [InlineData("exchange symbol", "_")]
    public async Task Column_of_own_pairs_is_the_currency(string header, string separator)
    {
        var result = await Read($"{Bare},{header}\n1,SOL,a,1,SOL{separator}EUR\n2,PEPE,b,1,PEPE{separator}USD\n3,C,c,1,\n");

        Assert.Equal(["2", "3"], result.Ids);
        Assert.Equal(["2:bad_number"], result.Faults);
    }

    [Theory]
    [InlineData("pool", "S1/USDT", "S2 / ETH")]
    [InlineData("slug", "s1-euro-coin", "s2-eur")]
    [InlineData("unit", "coins", "tokens")]
    [InlineData("unit", "S1", "S2")]
    [InlineData("counter", "7", "8")]
    [InlineData("market", "Kraken", "Coinbase Exchange")]
    [InlineData("target", "120000", "5000")]
    [InlineData("pair", "S1/USD", "S2-usd")]
    [InlineData("quote", "S1/USD", "S2/USD")]
    [InlineData("moneda", "n1", "n2")]
    [InlineData("convert", "yes", "no")]
    [InlineData("contract", "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", "")]
    [InlineData("Native currency", "ETH", "BNB")]
    [InlineData("base_currency", "S1", "ETH")]
    [InlineData("Country code", "US", "DE")]
    [InlineData("Top pair", "S1/USDT", "S2/EUR")]
    [InlineData("Contract chain", "ETH", "BNB")]
    [InlineData("Pegged to", "USD", "EUR")] // Stablecoins
    public async Task Column_of_other_words_costs_no_row(string header, string first, string second) =>
        Assert.Equal(["1", "2"], (await Read($"{Bare},{header}\n1,S1,n1,1.5,{first}\n2,S2,n2,1.6,{second}\n")).Ids);

    /// <summary>The header of the currency column, the odd row in a file of euros, and the number of rejected rows.</summary>
    [Theory]
    [InlineData("currency", "9,Z,z,80,000,EUR", "5")] // An unquoted comma: one field too many.
    [InlineData("currency", "Exported,by,me,,20.11.2026", "4")]
    [InlineData("currency", "9,Z,z,1,EUR/USD", "5")]
    [InlineData("currency", "9,Z,z,1,978", "5")]
    [InlineData("currency", "9,Z,z,1,EUR 1", "5")]
    [InlineData("quote", "9,Z,z,1,USD1", "5")]
    [InlineData("quote", "9,Z,z,1,1.5", "5")]
    [InlineData("ccy", "\"9\",Z,z,1,\"No, not this one\"", "5")]
    public async Task Column_of_euros_stays_one_when_a_row_is_odd(string header, string odd, string rejected)
    {
        var result = await Read($"{Bare},{header}\n1,A,a,1,EUR\n2,B,b,1,EUR\n3,C,c,1,EUR\n{odd}\n4,D,d,1,EUR\n");

        Assert.All(result.Records, record => Assert.Null(record.PriceUsd));
        Assert.Equal(rejected, $"{result.Rejections.Count}");
    }

    [Theory]
    [InlineData("BTC/EUR", "EUR")]
    [InlineData("BTC-EUR", "EUR")]
    [InlineData("btc_eur", "EUR")]
    [InlineData("ETH/BTC", "BTC")]
    [InlineData("BTC/USDT", "USDT")]
    [InlineData("BTC:\u20AC", "\u20AC")]
    [InlineData("BTCEUR", "EUR")]
    [InlineData("ethbtc", "BTC")]
    [InlineData("XRPUSDT", "USDT")]
    [InlineData("KRAKEN:BTCEUR", "EUR")]
    [InlineData("XXBTZEUR", "EUR")] // Kraken
    [InlineData("tBTCEUR", "EUR")] // Bitfinex
    [InlineData("BTC-EUR.CC", "EUR")]
    [InlineData("BTCEUR=X", "EUR")]
    [InlineData("XBTEUR Curncy", "EUR")]
    [InlineData("BTC/EUR (Kraken)", "EUR")]
    [InlineData("BTC EUR", "EUR")]
    [InlineData("BTC|EUR", "EUR")]
    [InlineData("BTC\u2013EUR", "EUR")]
    [InlineData("KRAKEN:BTCEUR.P", "EUR")]
    [InlineData("BTC-USDT-SWAP", "USDT")]
    [InlineData("XETHZUSD", null)]
    [InlineData("tBTCUSD", null)]
    [InlineData("BTC-USD-SWAP", null)]
    [InlineData("BTC-USD.CC", null)]
    [InlineData("axl.USDC", null)]
    [InlineData("TETHER", null)]
    [InlineData("BTCUSD", null)]
    [InlineData("COINBASE:BTCUSD", null)]
    [InlineData("WBTC", null)]
    [InlineData("CBETH", null)]
    [InlineData("AGEUR", null)]
    [InlineData("BTCST", null)]
    [InlineData("BTC/USD", null)]
    [InlineData("BTC-usd", null)]
    [InlineData("UNI-V2", null)]
    [InlineData("/EUR", null)]
    [InlineData("EUR", null)]
    public async Task Symbol_that_is_a_pair_says_in_what_its_price_is(string symbol, string? currency)
    {
        var result = await Read($"{Bare},currency\n1,{symbol},Bitcoin,80000,\n2,{symbol},Bitcoin,,\n3,{symbol},Bitcoin,1,USD\n");

        Assert.Equal(currency is null ? ["1", "2", "3"] : ["2", "3"], result.Ids);
        Assert.Equal(
            currency is null ? []
                : [$"price_usd is in '{currency}' by the column 'symbol', not in US dollars. If it is, "
                    + "Sources:Csv:HeaderAliases:price_usd names its column."],
            result.Rejections.Select(rejection => rejection.Detail));
    }

    [Fact]
    public async Task All_symbols_are_pairs_when_most_end_in_a_currency_and_one_begins_with_a_coin()
    {
        string[] pairs = ["SHIBEUR", "PEPEUSD", "UNIUSDT", "BTCEUR", "SHIBUSD"];
        string[] coins = ["BTC", "STETH", "AGEUR", "UNI", "PEPE", "BTCUSD"];

        var ofPairs = await Read($"{Bare}\n{string.Concat(pairs.Select((pair, i) => $"{i},{pair},Coin,1.5\n"))}");
        var ofCoins = await Read($"{Bare}\n{string.Concat(coins.Select((coin, i) => $"{i},{coin},Coin,1.5\n"))}");

        Assert.Equal(["1", "4"], ofPairs.Ids);
        Assert.Equal(coins, ofCoins.Records.Select(record => record.Symbol));
    }

    [Fact]
    public async Task Pair_is_none_of_the_prices_when_a_setting_says_that_they_are_in_dollars() =>
        Assert.Equal(
            ["1"],
            (await Read($"{Bare}\n1,ETH/BTC,Ethereum,3000\n", new CsvOptions { HeaderAliases = { ["price_usd"] = ["price"] } })).Ids);

    [Fact]
    public async Task Pair_is_none_of_the_prices_when_their_header_says_dollars() =>
        Assert.Equal(["1"], (await Read($"{Header},pair,unit\n1,ETH/BTC,Ethereum,3000,ETH/BTC,EUR\n")).Ids);

    [Theory]
    [InlineData("Market capitalization", "market_cap")]
    [InlineData("Volume 24h", "volume_24h")]
    public async Task Amount_with_a_currency_of_its_own_is_left_out_when_it_is_not_dollars(string header, string field)
    {
        var result = await Read(
            $"{Bare},Price - Currency,{header},{header} - Currency\n1,A,a,1,USD,5,EUR\n2,B,b,2,USD,6,USD\n3,C,c,3,USD,7,\n");

        Assert.Equal([1, 2, 3], result.Records.Select(record => record.PriceUsd));
        Assert.Equal([null, 6d, 7d], result.Records.Select(record => record.MarketCapUsd ?? record.Volume24hUsd));
        Assert.Equal([$"{field} unusable 1"], result.Drifts);
    }

    [Theory]
    [InlineData("pair", "BTC/EUR", "BTC/EUR")]
    [InlineData("quote", "BTC/EUR", "BTC/EUR")]
    [InlineData("Trading Pair", "BTC-USDT", "BTC-USDT")]
    [InlineData("market", "BTC/EUR", "BTC/EUR")]
    [InlineData("product_id", "BTC-EUR", "BTC-EUR")]
    [InlineData("Instrument", "BTC_EUR", "BTC_EUR")]
    [InlineData("currency_pair", "BTC_EUR", "BTC_EUR")]
    [InlineData("Product code", "XXBTZEUR", "XXBTZEUR")]
    [InlineData("Contract", "BTC-EUR-PERP", "BTC-EUR-PERP")]
    public async Task Pair_next_to_its_symbol_says_in_what_its_price_is(string header, string pair, string shown)
    {
        var result = await Read($"{Bare},{header}\n1,BTC,Bitcoin,80000,{pair}\n2,BTC,Bitcoin,90000,BTC/USD\n");

        Assert.Equal(["2"], result.Ids);
        Assert.Contains($"'{shown}' by the column '{header}'", result.Rejections[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XBT", "XXBTZUSD")]
    [InlineData("ETH", "tETHUSD")]
    [InlineData("PEPE", "PEPE/USD")]
    public async Task Pair_with_dollars_in_its_exchanges_form_costs_no_row(string symbol, string pair) =>
        Assert.Equal(1.5, Assert.Single((await Read($"pair,symbol,name,price\n{pair},{symbol},a,1.5\n")).Records).PriceUsd);

    [Theory]
    [InlineData("symbol,name,price,,market_cap", "{0},{1},1.5,{2},7")]
    [InlineData("symbol,name,,price,market_cap", "{0},{1},{2},1.5,7")]
    [InlineData(",symbol,name,price,Trading Currency", "0,{0},{1},1.5,{2}")]
    public async Task Column_without_a_name_is_the_currency_where_its_cells_are(string header, string row)
    {
        string Row(string symbol, string currency) => string.Format(CultureInfo.InvariantCulture, row, symbol, symbol + "1", currency);

        var result = await Read($"{header}\n{Row("A", "EUR")}\n{Row("B", "USD")}\n{Row("C", "\u20AC")}\n");
        var others = await Read($"{header}\n{Row("A", "5")}\n{Row("B", "EUR")}\n{Row("C", "new")}\n");

        Assert.Equal(["B"], result.Records.Select(record => record.Symbol));
        Assert.Equal(["A", "B", "C"], others.Records.Select(record => record.Symbol));
    }

    [Theory]
    [InlineData("pair", "EUR")]
    [InlineData("market", "USDT")]
    [InlineData("quote", "BTC")]
    public async Task Pair_without_a_separator_begins_with_the_symbol_next_to_it(string header, string currency)
    {
        var result = await Read($"{Bare},{header}\n1,PEPE,Pepe,1,PEPE{currency}\n2,PEPE,Pepe,1,PEPEUSD\n");

        Assert.Equal(["2"], result.Ids);
        Assert.Contains($"'PEPE{currency}' by the column '{header}'", result.Rejections[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("currency", "S1", "S2")] // The asset itself, as in some files.
    [InlineData("currency", "s1", "")]
    [InlineData("currency", "n1", "n2")]
    [InlineData("quote", "1.5", "1.6")]
    [InlineData("quote", "A coin for all, said its maker.", "No.")]
    public async Task Column_that_means_something_else_is_let_be(string header, string first, string second)
    {
        var result = await Read($"{Header},{header}\n1,S1,n1,1.5,\"{first}\"\n2,S2,n2,1.6,\"{second}\"\n");

        Assert.Equal([1.5, 1.6], result.Records.Select(record => record.PriceUsd));
    }

    [Fact]
    public async Task First_asset_may_be_the_currency_of_all()
    {
        var result = await Read($"{Header},currency\n1,BTC,Bitcoin,1,BTC\n2,ETH,Ethereum,0.05,BTC\n");

        Assert.Empty(result.Records);
        Assert.Equal(["2:bad_number", "3:bad_number"], result.Faults);
    }

    [Fact]
    public async Task Column_of_any_name_is_the_currency_when_it_is_set()
    {
        var options = new CsvOptions { HeaderAliases = { ["quote_currency"] = ["W\u00E4hrung"] } };

        var result = await Read($"{Header},W\u00E4hrung\n1,A,a,1,EUR\n2,B,b,1,USD\n", options);

        Assert.Equal(["2"], result.Ids);
        Assert.Equal(["2:bad_number"], result.Faults);
    }
}
