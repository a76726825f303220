using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>Lines outside the table, or between its header and its rows, that state the unit of its amounts.</summary>
public sealed class CsvRemarkTests : CsvFiles
{
    private const string Table = "symbol,name,price,market_cap\nBTC,Bitcoin,91500.5,1825\n";

    [Theory]
    [InlineData("# symbol, name, price in EUR", "price", "EUR")]
    [InlineData("All prices in EUR", "price", "EUR")]
    [InlineData("Crypto report;;\nValues are in GBP;;\n", "close", "GBP")]
    [InlineData("Currency: \u20AC\n\n", "last", "\u20AC")]
    [InlineData("Devise : EUR", "price", "EUR")]
    [InlineData("\"Prices (quoted in CHF), 20 Nov\"", "price", "CHF")]
    [InlineData("Preise in EUR", "price", "EUR")]
    [InlineData("Alle Angaben in Euro", "price", "EURO")]
    [InlineData("Prices in euros", "price", "EUROS")]
    [InlineData("Values in Canadian dollars", "price", "CANADIAN")]
    [InlineData("Crypto prices (EUR)", "price", "EUR")]
    [InlineData("https://example.com/listings/latest?limit=100&convert=EUR", "price", "EUR")]
    [InlineData("Base currency: EUR", "price", "EUR")]
    [InlineData(",,,EUR,,USD", "price", "EUR")] // Above groups of columns.
    [InlineData("Asset,Asset,EUR,EUR,USD,USD", "price", "EUR")]
    [InlineData("Asset,Asset,USD,USD,EUR,EUR", "price", null)]
    [InlineData(",,,USD,,EUR", "price", null)]
    [InlineData("All prices in EUR", "price_usd", null)] // The header takes precedence.
    [InlineData("All prices in USD", "price", null)]
    [InlineData("Prices in US Dollars, not in EUR", "price", null)]
    [InlineData("Tokens in ETH and BTC ecosystems", "price", null)]
    [InlineData("BTC", "price", null)]
    [InlineData("1 EUR = 1.08 USD", "price", null)]
    [InlineData("https://example.com/currency.php?list=prices.php", "price", null)] // PHP means pesos elsewhere.
    [InlineData("# currency of account", "price", null)]
    [InlineData("Base currency: BTC, quote currency: USD", "price", null)]
    [InlineData("Base currency: BTC, quote currency: EUR", "price", "EUR")]
    [InlineData("Prices: EUR", "price", "EUR")]
    [InlineData("\u20AC prices", "price", "\u20AC")]
    [InlineData("EUR-denominated prices", "price", "EUR")]
    [InlineData("BTC-denominated", "price", "BTC")]
    [InlineData("ETH-denominated prices of 20 Nov 2026", "price", "ETH")]
    [InlineData("USD-denominated BTC prices", "price", null)]
    [InlineData("In BTC", "price", "BTC")]
    [InlineData("Altcoin prices quoted against BTC", "price", "BTC")]
    [InlineData("Kryptokurse in Euro (Stand 20.11.2026)", "price", "EURO")]
    [InlineData("Cotizaciones en pesos argentinos", "price", "PESOS")]
    [InlineData("Prices in gold (XAU)", "price", "XAU")]
    [InlineData("BTC prices", "price", null)]
    [InlineData("Valeurs en \u20AC", "price", "\u20AC")]
    [InlineData("Prices are shown in British pounds", "price", "POUNDS")]
    [InlineData("Kurse in Schweizer Franken", "price", "FRANKEN")]
    [InlineData("Unit: EUR", "price", "EUR")]
    [InlineData("in EUR", "price", "EUR")]
    [InlineData("Prices may be late, try again", "price", null)] // TRY is also the Turkish lira.
    [InlineData("Prices were converted from EUR to USD", "price", null)]
    [InlineData("Coins with EUR pairs", "price", null)]
    [InlineData("Exported by the Euro Crypto Tracker", "price", null)]
    [InlineData("eur prices", "price", "EUR")]
    [InlineData("Prices in sats", "price", "SATS")]
    [InlineData("prices in US cents", "price", "CENTS")]
    [InlineData("Prices (A$)", "price", "A$")]
    [InlineData("All in HK$", "price", "HK$")]
    [InlineData("Prices in Hong Kong dollars", "price", "HONG")]
    [InlineData("Values in NZ dollars", "price", "NZ")]
    [InlineData("Prices in US$, not in C$", "price", null)]
    [InlineData("C$H coin", "price", null)]
    [InlineData("Prices in dollars and cents", "price", null)]
    [InlineData("All prices are in cents", "price", "CENTS")]
    [InlineData("All amounts are in Turkish lira", "price", "LIRA")]
    [InlineData("Pre\u00E7os em reais", "price", "REAIS")]
    [InlineData("Two Cents Daily", "price", null)]
    [InlineData("Top 100 coins by market cap (EUR)", "price", "EUR")]
    [InlineData("Top 100 Kryptow\u00E4hrungen nach Marktkapitalisierung in Euro", "price", "EURO")]
    [InlineData("Overview of the crypto market - \u20AC", "price", "\u20AC")]
    [InlineData("Alla belopp anges i SEK", "price", "SEK")]
    [InlineData("Report of the crypto market,2026-11-20,GBP", "price", "GBP")]
    [InlineData("Top 100 coins by market cap (EUR, USD)", "price", null)]
    [InlineData("Stablecoins that are pegged to EUR", "price", null)]
    [InlineData("All coins without EUR and GBP pairs", "price", null)]
    public async Task Prices_in_another_currency_are_refused_where_lines_above_the_header_say_so(
        string lines, string price, string? currency)
    {
        var text = $"{lines}\nid,symbol,name,{price}\n1,BTC,Bitcoin,1.5\n";
        if (currency is null)
        {
            Assert.Equal(1.5, Assert.Single((await Read(text)).Records).PriceUsd);
            return;
        }

        var refused = await Assert.ThrowsAsync<SourceException>(() => Read(text));
        Assert.Contains($"says outside its table that prices are in {currency}, and only dollars are read", refused.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Top coins (USD in millions)", "millions")]
    [InlineData("(in thousands of US dollars)", "thousands")]
    [InlineData("Market cap in billions of USD; price in USD", "billions")]
    [InlineData("($ in millions, except per coin data)", "millions")]
    [InlineData("Amounts in '000 USD", "000")]
    [InlineData("(US$ m)", "m")]
    [InlineData("Crypto table, USDm", "m")]
    [InlineData("Angaben in Mrd. USD", "mrd")]
    [InlineData("Millions of US dollars", "millions")]
    [InlineData("Market cap: millions of USD", "millions")]
    [InlineData("Einheit: Mio. USD", "mio")]
    [InlineData("bn USD", "bn")]
    [InlineData("(000s USD)", "000s")]
    [InlineData("Scale: millions", "millions")]
    [InlineData("Cifras en millones de d\u00F3lares", "millones")]
    [InlineData(",,USD,USD bn", "bn")]
    [InlineData("\"Values x 1,000,000\"", "million")]
    [InlineData("(x1000)", "thousand")]
    [InlineData("Amounts \u00D7 1 000", "thousand")]
    [InlineData("\"Figures in 1,000s\"", "thousand")]
    [InlineData("All values in 1'000'000", "million")]
    [InlineData("in 1000 USD", "thousand")]
    [InlineData("All figures \u00D710^6", "million")]
    [InlineData("All figures \u00D710\u2076", "million")]
    [InlineData("Unit: 1e9 USD", "billion")]
    [InlineData("\"All values divided by 1,000\"", "thousand")]
    [InlineData("Scale: 1000", "thousand")]
    [InlineData("Amounts in K", "k")]
    [InlineData("Values in B USD", "b")]
    [InlineData("Market cap (M USD)", "m")]
    [InlineData("Amounts in mill.", "mill")]
    [InlineData("Values in MUSD", "musd")]
    [InlineData("Prices per 1000 tokens", "per 1000")]
    [InlineData("\"Prices are in USD per 1,000,000 tokens\"", "per 1,000,000")]
    [InlineData("# price per 1K", "per 1K")]
    [InlineData("$ per million coins", "per million")]
    public async Task Amounts_with_a_factor_are_refused_where_a_line_outside_the_table_says_so(string line, string factor)
    {
        foreach (var text in new[] { $"{line}\n{Table}", $"{Table}\n{line}\n" })
        {
            var refused = await Assert.ThrowsAsync<SourceException>(() => Read(text));
            Assert.Contains($"says outside its table that amounts are in '{factor}'", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Top 3 coins of 5 millions users")]
    [InlineData("Minimum market cap: USD 10 million")]
    [InlineData("Filter: market cap >= 1 billion USD")]
    [InlineData("Market caps of over 10 million US dollars")]
    [InlineData("Millions of users trust us")]
    [InlineData("Rank by market cap in descending order")]
    [InlineData("Prices in the last 24 hours")]
    [InlineData("Prices by USD K-lines")]
    [InlineData("Top 1,000 coins by USD volume")]
    [InlineData("Top 1000 USD pairs")]
    [InlineData("Prices found in 1,000 markets")]
    [InlineData("\"Sum: 1,000,000 USD\"")]
    [InlineData("Page 1 of 1,000")]
    [InlineData("Index 2000 = 100")]
    [InlineData("Prices per token")]
    [InlineData("Prices are asked for 60 times per 100 seconds")]
    [InlineData("Top 100 coins per market cap, prices in USD")]
    public async Task Lines_that_say_something_else_are_let_be(string line) =>
        Assert.Equal(1825, Assert.Single((await Read($"{line}\n{Table}{line}\n")).Records).MarketCapUsd);

    /// <summary>Lines, with the time of the cell 12:30; null if the row is rejected.</summary>
    [Theory]
    [InlineData("All times in CET", null)]
    [InlineData("Times are US/Eastern", null)]
    [InlineData("Timezone: Europe/Berlin", null)]
    [InlineData("Times shown in Eastern Time", null)]
    [InlineData("All times are local", null)]
    [InlineData("Uhrzeiten in MEZ", null)]
    [InlineData("Time zone: UTC+1", "11:30")]
    [InlineData("Time Zone,GMT -05:00", "17:30")]
    [InlineData("TZ: +0200", "10:30")]
    [InlineData("Trading times 09:00-17:00 CET", "12:30")]
    [InlineData("All times in UTC", "12:30")]
    [InlineData("All times GMT", "12:30")]
    [InlineData("Times are in UTC, reports in CET", "12:30")]
    [InlineData("Times are approximate", "12:30")]
    [InlineData("Generated at 10:00 CET", "12:30")]
    public async Task Zone_of_times_may_be_stated_outside_the_table(string line, string? time)
    {
        const string Rows = "symbol,name,price,time\nA,a,1,2026-11-20 12:30\nB,b,1,2026-11-20T12:30Z\nC,c,1,2026-11-20\n";
        foreach (var text in new[] { $"{line}\n{Rows}", $"{Rows}\n# {line}\n" })
        {
            var result = await Read(text);

            string?[] times = [.. result.Records.Select(record => $"{record.QuotedAt:HH:mm}")];
            Assert.Equal(time is null ? ["12:30", "00:00"] : [time, "12:30", "00:00"], times);
            Assert.All(
                result.Rejections.Where(rejection => rejection.Reason is "bad_time"),
                rejection => Assert.Contains("which is neither UTC nor an offset", rejection.Detail, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Kraken_BTCEUR_1h.csv", "price", "EUR")]
    [InlineData("BTC-EUR.csv", "price", "EUR")]
    [InlineData("eth_gbp-2026-11-20.csv", "price", "GBP")]
    [InlineData("BTC-EUR.csv", "price_usd", null)]
    [InlineData("BTC-EUR.csv", "quote_currency,price", null)]
    [InlineData("BTC-USD,BTC-EUR.csv", "price", null)]
    [InlineData("coins_eur.csv", "price", null)]
    [InlineData("try-2.csv", "price", null)]
    [InlineData("BTC.csv", "price", null)]
    [InlineData("europe.csv", "price", null)]
    public async Task Pair_in_a_file_name_says_in_what_its_prices_are(string name, string price, string? currency)
    {
        var path = Write(name, $"symbol,name,{price}\nBTC,Bitcoin,{(price.Contains(',', StringComparison.Ordinal) ? "USD," : "")}1.5\n");
        if (currency is null)
        {
            Assert.Equal(1.5, Assert.Single(new CsvResult(await ReadFile(path)).Records).PriceUsd);
            return;
        }

        var refused = await Assert.ThrowsAsync<SourceException>(() => ReadFile(path));
        Assert.Contains($"{name} says in its name that prices are in {currency}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Factor_is_applied_where_the_headers_say_it_too()
    {
        var result = await Read("(USD in millions)\nsymbol,name,price,market_cap (USD millions)\nBTC,Bitcoin,91500.5,1825000\n");

        Assert.Equal(1_825_000_000_000, Assert.Single(result.Records).MarketCapUsd);
    }

    [Theory]
    [InlineData("* Prices in EUR")]
    [InlineData("\"All prices in EUR\",,,")]
    [InlineData(",,,Prices in EUR")]
    [InlineData("* Market data in EUR by its makers")]
    [InlineData("# all amounts in EUR")]
    public async Task Prices_in_another_currency_are_refused_where_a_note_below_the_rows_says_so(string note)
    {
        var refused = await Assert.ThrowsAsync<SourceException>(() => Read($"{Table}\n{note}\n"));

        Assert.Contains("says outside its table that prices are in EUR", refused.Message, StringComparison.Ordinal);
        Assert.Single((await Read($"{Table}EUR1,Price in EUR,1,1\n")).Records, record => record.Symbol == "EUR1"); // The name in a row.
        Assert.Single((await Read($"{Table}EURC,Euro Coin\n,Euro,,1\n")).Records); // Rows that lack cells.
    }

    [Theory]
    [InlineData(",,USD,USD bn,USD mn", 91500.5, 1_825e9, 45_000e6)]
    [InlineData("-,-,($),($B),($M)", 91500.5, 1_825e9, 45_000e6)]
    [InlineData("(text),(text),(USD),(billion USD),(USD)", 91500.5, 1_825e9, 45_000d)]
    [InlineData(",,$ per coin,$ bn,$", 91500.5, 1_825e9, 45_000d)]
    [InlineData(",,USD/coin,USDbn,USD", 91500.5, 1_825e9, 45_000d)]
    [InlineData("\n,,USD,,USD mn\n", 91500.5, 1_825d, 45_000e6)]
    [InlineData(",,EUR,EUR m,USD", null, null, 45_000d)]
    [InlineData(",,US$,US$ bil.,mil.", 91500.5, null, null)]
    [InlineData("\"\",\"\",\"USD per 1,000\",USD bn,USD", null, 1_825e9, 45_000d)]
    [InlineData(",,BTC,USD,USD", null, 1_825d, 45_000d)]
    public async Task Units_below_the_header_are_its_columns(string units, double? price, double? cap, double? volume)
    {
        var result = await Read($"symbol,name,price,market_cap,volume\n{units}\nBTC,Bitcoin,91500.5,1825,45000\n");

        Assert.Equal((price, cap, volume), Assert.Single(result.Records) is var r ? (r.PriceUsd, r.MarketCapUsd, r.Volume24hUsd) : default);
        Assert.Empty(result.Rejections);
    }

    [Fact]
    public async Task Row_whose_number_did_not_fit_into_its_cell_is_no_line_of_units() =>
        Assert.Equal(["2:bad_number"], (await Read("symbol,name,price\nBTC,Bitcoin,########\nETH,Ethereum,1\n")).Faults);

    [Theory]
    [InlineData("eur,usd")]
    [InlineData("EUR,US$")]
    public async Task Units_below_the_header_tell_columns_of_one_name_apart(string units)
    {
        var result = await Read($",symbol,name,price,price\n,,,{units}\n0,BTC,Bitcoin,79500.5,91500.5\n");

        Assert.Equal(91500.5, Assert.Single(result.Records).PriceUsd);
    }

    [Theory]
    [InlineData("UTC", true)]
    [InlineData("yyyy-mm-dd hh:mm", true)]
    [InlineData("EST", false)]
    public async Task Units_below_the_header_may_be_a_times_zone(string unit, bool isRead)
    {
        var result = await Read($"symbol,name,price,time\n,,USD,{unit}\nBTC,Bitcoin,1.5,2026-11-20 12:00\n");

        Assert.Equal(isRead ? Now.AddHours(-12) : null, Assert.Single(result.Records).QuotedAt);
        Assert.Equal(isRead ? [] : ["updated_at missing 1"], result.Drifts.Select(drift => drift.ToLowerInvariant()));
    }

    [Fact]
    public async Task Reading_is_resumed_below_a_header_of_two_lines()
    {
        var path = Write("a.csv", $"symbol,name,price,market_cap\n,,USD,USD bn\n{string.Concat(Enumerable.Range(1, 25).Select(Row))}");
        var options = new CsvOptions { PageSize = 10 };
        var pages = await ReadFile(path, options);

        var rest = await ReadFile(path, options, After(pages[0]));
        await File.AppendAllTextAsync(path, Row(26) + "bad\n", Cancellation);
        var appended = await ReadFile(path, options, After(pages[^1]));

        Assert.Equal([10, 5], rest.Select(page => page.Records.Count));
        Assert.Equal(26e9, Assert.Single(new CsvResult(appended).Records).MarketCapUsd);
        Assert.Equal(["29:malformed_row"], new CsvResult(appended).Faults);

        static string Row(int i) => $"S{i},Name {i},1,{i}\n";
    }

    [Theory]
    [InlineData("\"symbol\",\"name\",\"price\"\n\"1\",\"BTC\",\"Bitcoin\",91500.5\n\"2\",\"ETH\",\"Ether\",NA\n")]
    [InlineData("symbol\tname\tprice\n12\tBTC\tBitcoin\t91500.5\n3\tETH\tEther\t\n")]
    public async Task Numbers_before_rows_need_no_name(string text)
    {
        var result = await Read(text);

        Assert.Equal([("BTC", 91500.5), ("ETH", null)], result.Records.Select(record => (record.Symbol, record.PriceUsd)));
        Assert.Empty(result.Rejections);
    }

    [Theory]
    [InlineData("symbol,name,price\nBTC,Bitcoin,91,500.5\nETH,Ether,2,991.5\n")]
    [InlineData("rank,symbol,name,price\n1,BTC,Bitcoin,91,500.5\n2,ETH,Ether,2,991.5\n")]
    [InlineData("id,symbol,name,price\n1,BTC,Bitcoin,91500.5,note\n2,ETH,Ether,2991.5,note\n")]
    [InlineData("symbol,name,price\n1,BTC,Bitcoin,91500.5\nETH,Ether,2,991.5\n")]
    public async Task Rows_with_a_field_too_many_are_rejected_where_it_may_be_another(string text)
    {
        var result = await Read(text);

        Assert.Empty(result.Records);
        Assert.All(result.Rejections, rejection => Assert.Equal("malformed_row", rejection.Reason));
    }
}
