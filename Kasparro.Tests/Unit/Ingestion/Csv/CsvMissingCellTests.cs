using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>Cells and row ends without a value, and what is missing then.</summary>
public sealed class CsvMissingCellTests : CsvFiles
{
    [Theory]
    [InlineData("N/A")]
    [InlineData("n/a")]
    [InlineData("NULL")]
    [InlineData("\\N")]
    [InlineData("-")]
    [InlineData("\u2014")]
    [InlineData("#N/A")]
    [InlineData("#REF!")]
    [InlineData("None")]
    [InlineData("nan")]
    [InlineData("?")]
    [InlineData("=\"\"")]
    [InlineData("''")]
    [InlineData("'")]
    [InlineData("\"\"\"\"\"\"")]
    [InlineData("\u200B")]
    public async Task Id_that_means_none_is_missing(string id)
    {
        var result = await Read($"{Header}\n{id},A,a,1\n{id},B,b,2\n");

        Assert.Empty(result.Records);
        Assert.Equal(["2:missing_field", "3:missing_field"], result.Faults);
    }

    [Fact]
    public async Task Every_word_for_none_is_no_id()
    {
        var result = await Read($"{Header}\n{string.Concat(CsvCell.NotKnownWords.Select(word => $"{word},A,a,1\n"))}");

        Assert.Empty(result.Records);
        Assert.Equal(CsvCell.NotKnownWords.Count, result.Rejections.Count);
        Assert.All(result.Rejections, rejection => Assert.Equal("missing_field", rejection.Reason));
    }

    [Fact]
    public async Task Every_word_for_none_that_no_coin_is_called_is_no_symbol_and_no_name()
    {
        var rows = CsvCell.NoWords.Select((word, i) => $"{i},{word},a,1\n{i},A,{word},1\n");

        var result = await Read($"{Header}\n{string.Concat(rows)}");

        Assert.Equal(CsvCell.NoWords.Count, result.Rejections.Count);
        Assert.All(result.Rejections, rejection => Assert.Equal("missing_field", rejection.Reason));
        Assert.Equal(CsvCell.NoWords.Count, result.Records.Count);
        Assert.All(result.Records, record => Assert.Equal(("", "a"), (record.Symbol, record.Name)));
    }

    [Theory]
    [InlineData("infinity")]
    [InlineData("unlimited")]
    [InlineData("0")]
    [InlineData("null-coin")]
    public async Task Id_that_no_program_writes_for_none_is_one(string id) =>
        Assert.Equal([id], (await Read($"{Header}\n{id},A,a,1\n")).Ids);

    [Theory]
    [InlineData("1027.0", "1027")] // By pandas, where other ids are missing.
    [InlineData("1027.00", "1027.00")]
    [InlineData("v1.0", "v1.0")]
    [InlineData(".0", ".0")]
    public async Task Id_that_a_program_has_made_a_decimal_is_whole(string id, string read) =>
        Assert.Equal([read], (await Read($"{Header}\n{id},A,a,1\n,B,b,1\n")).Ids[..1]);

    [Theory]
    [InlineData("1.23457E+17")]
    [InlineData("\"1,23457E+17\"")]
    [InlineData("5E+47")]
    public async Task Id_that_a_spreadsheet_has_rounded_is_none(string id)
    {
        var result = await Read($"{Header}\n{id},A,a,1\n{id},B,b,2\n1e3,C,c,1\n");

        Assert.Equal(["1e3"], result.Ids);
        Assert.Equal(["2:missing_field", "3:missing_field"], result.Faults);
        Assert.Contains("which a spreadsheet has made of another text", result.Rejections[0].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1-Sep", true)] // SEP1
    [InlineData("Mar-26", true)]
    [InlineData("2026-09-01 00:00:00", true)]
    [InlineData("1.00E+05", true)] // 1E5
    [InlineData("1E5", false)]
    [InlineData("SEP-1", false)]
    [InlineData("TRUE", false)]
    public async Task Symbol_that_a_spreadsheet_has_made_a_date_or_number_is_none(string symbol, bool isSpoiled) =>
        Assert.Equal(isSpoiled ? ["2:missing_field"] : [], (await Read($"{Header}\n1,{symbol},a,1\n")).Faults);

    /// <summary>
    /// Symbol and name, as written and as read; null if the row is rejected. A coin may be called NULL, but none is called \N.
    /// </summary>
    [Theory]
    [InlineData("NULL,None", "NULL", "None")]
    [InlineData("NA,NaN", "NA", "NaN")]
    [InlineData("TBD,Unknown", "TBD", "Unknown")]
    [InlineData("?,???", "?", "???")]
    [InlineData("N/A,a", "", "a")]
    [InlineData("#N/A,a", "", "a")]
    [InlineData("\\N,a", "", "a")]
    [InlineData("-,a", "", "a")]
    [InlineData("=\"\",a", "", "a")]
    [InlineData("A,N/A", null, null)]
    [InlineData("A,#NAME?", null, null)]
    [InlineData("A,\\N", null, null)]
    [InlineData("A,--", null, null)]
    [InlineData("A,=\"\"", null, null)]
    [InlineData("\"\"\"BTC\"\"\",\"\"\"Bitcoin\"\"\"", "BTC", "Bitcoin")]
    [InlineData("A,\"\"\"a\"\" or \"\"b\"\"\"", "A", "\"a\" or \"b\"")]
    [InlineData("\u201CBTC\u201D,\u201CBitcoin\u201D", "BTC", "Bitcoin")]
    [InlineData("\u201EBTC\u201C,\u201EBitcoin\u201D", "BTC", "Bitcoin")]
    [InlineData("\u201DBTC\u201D,\u2018Bitcoin\u2019", "BTC", "Bitcoin")]
    [InlineData("\u00ABBTC\u00BB,\u00AB Bitcoin \u00BB", "BTC", "Bitcoin")]
    [InlineData("\u00BBBTC\u00AB,\u203ABitcoin\u2039", "BTC", "Bitcoin")]
    [InlineData("\u2039BTC\u203A,\u201ABitcoin\u2018", "BTC", "Bitcoin")]
    [InlineData("`BTC`,`Bitcoin`", "BTC", "Bitcoin")]
    [InlineData("b'BTC',b'Bitcoin'", "BTC", "Bitcoin")] // Python's bytes.
    [InlineData("b'BTC,B's", "b'BTC", "B's")]
    [InlineData("D&amp;D,&Euml;ther &#8364;uro", "D&D", "\u00CBther \u20ACuro")] // From a web page.
    [InlineData("A&T,R&amp D", "A&T", "R&amp D")]
    [InlineData("BTC,\"=HYPERLINK(\"\"https://a.b/\"\", \"\"Bitcoin\"\")\"", "BTC", "Bitcoin")]
    [InlineData("\"=HYPERLINK(\"\"https://a.b/\"\";\"\"BTC\"\")\",Bitcoin", "BTC", "Bitcoin")]
    [InlineData("[BTC](https://a.b/),**Bitcoin**", "BTC", "Bitcoin")]
    [InlineData("BTC,Bitcoin (https://a.b/c-1)", "BTC", "Bitcoin")] // Notion.
    [InlineData("<b>BTC</b>,\"<a href=\"\"https://a.b/\"\">Bitcoin</a><sup>1</sup>\"", "BTC", "Bitcoin")]
    [InlineData("<3,<A>", "<3", "<A>")]
    [InlineData("BTC,Bitcoin (BTC)", "BTC", "Bitcoin")]
    [InlineData("btc,\"Bitcoin\n\nBTC\"", "btc", "Bitcoin")]
    [InlineData("BTC,(BTC)", "BTC", "(BTC)")]
    [InlineData("USDT,Tether (Wormhole)", "USDT", "Tether (Wormhole)")]
    [InlineData("BTC,Wrapped BTC", "BTC", "Wrapped BTC")]
    [InlineData("A,\u201Ca\u201D or \u201Cb\u201D", "A", "\u201Ca\u201D or \u201Cb\u201D")]
    [InlineData("A`,\u00ABa", "A`", "\u00ABa")]
    [InlineData("\u202DBTC\u202C,\u202EBitcoin", "BTC", "Bitcoin")]
    [InlineData("\u061CBTC\u180E,Bit\u2061\u2062\u2063\u2064coin", "BTC", "Bitcoin")]
    [InlineData("\u206ABTC\u206F,\uFFF9Bitcoin\uFFFB", "BTC", "Bitcoin")]
    [InlineData("\u200CBTC\u200D,\u034FBitcoin\u200C", "BTC", "Bitcoin")]
    [InlineData("BTC\uFE0F,Bitcoin\uFE0F", "BTC", "Bitcoin")]
    [InlineData("A,\u2764\uFE0F", "A", "\u2764\uFE0F")] // An emoji.
    [InlineData("A,\u0646\u200C\u0627", "A", "\u0646\u200C\u0627")]
    public async Task Symbol_and_name_are_texts_unless_no_coin_is_called_so(string cells, string? symbol, string? name)
    {
        var result = await Read($"{Header}\n1,{cells},1.5\n");

        if (name is null)
        {
            Assert.Equal(["2:missing_field"], result.Faults);
            return;
        }

        var record = Assert.Single(result.Records);
        Assert.Equal((symbol, name), (record.Symbol, record.Name));
    }

    /// <summary>The header, the rows, the prices, and the rejected lines.</summary>
    [Theory]
    [InlineData("id,symbol,name,price_usd,market_cap,rank", "1,A,a,1\n2,B,b,2,5\n3,C,c,3,5,1\n", "1 2 3", "")]
    [InlineData("id,symbol,name,price_usd,market_cap,rank", "1,A,a,1\r\n2,B,b,2,5\r\n", "1 2", "")]
    [InlineData("id,symbol,name,price_usd,note,,", "1,A,a,1\n2,B,b,2,x,\n", "1 2", "")]
    [InlineData("id,symbol,name,price_usd,market_cap", "1,A,a\n2\n3,C,c,3\n", "3", "2 3")]
    [InlineData("market_cap,id,symbol,name,price_usd", "5,1,A,a\n5,2,B,b,2\n", "2", "2")]
    [InlineData("id,symbol,name,market_cap", "1,A,a\n2,B\n", "-", "3")]
    [InlineData("id,symbol,name,price_usd,market_cap", "1,A,a,1\n2,B,b,2", "1", "3")] // The last price may be cut off.
    [InlineData("id,symbol,name,price_usd,market_cap", "1,A,a,1\n2,B,b,2,5", "1 2", "")]
    [InlineData("id,symbol,name,price_usd,", "1,A,a,1\n2,B,b,2,\n3,C,c,3,5\n4,D,d,1,5,\n", "1 2", "4 5")]
    [InlineData("id,symbol,name,price_usd", "1,A,a,1,5,\n2,B,b,2\n", "2", "2")]
    [InlineData("id,symbol,name,price_usd,,", "1,A,a,1,,5\n", "", "2")]
    public async Task Row_may_lack_its_last_cells_when_a_record_does_not_need_them(string header, string rows, string prices, string faults)
    {
        var result = await Read($"{header}\n{rows}");

        Assert.Equal(prices, string.Join(' ', result.Records.Select(record => record.PriceUsd is { } price ? $"{price}" : "-")));
        Assert.Equal(faults, string.Join(' ', result.Rejections.Select(rejection => rejection.Position)));
        Assert.All(result.Rejections, rejection => Assert.Equal("malformed_row", rejection.Reason));
    }

    [Fact]
    public async Task Row_without_its_last_cells_says_what_one_with_blank_ones_does()
    {
        var result = await Read($"{Header},rank,note\n1,A,a,1.5\n1,A,a,1.5,,\n");

        Assert.Equal(result.Records[1].ContentHash, result.Records[0].ContentHash);
        Assert.Equal(result.Records[1].Payload.ToArray(), result.Records[0].Payload.ToArray());
    }

    [Theory]
    [InlineData(",,,0.00")]
    [InlineData(",,,#N/A")]
    [InlineData(",,,$0.00")]
    [InlineData(",,, $-   ")]
    [InlineData("#N/A,#N/A,#N/A,#N/A")]
    [InlineData("=\"\",=\"\",=\"\",0")]
    [InlineData("-,-,-,-")]
    [InlineData("------,----,---------,-----")] // As consoles underline headers.
    [InlineData(",,,0,1899-12-30")]
    [InlineData(",,,$0.00,12/30/1899")]
    public async Task Row_of_formulas_without_an_asset_is_no_record_and_no_rejection(string row)
    {
        var result = await Read($"{Header},date,rank\n1,A,a,1,,\n{row},\n{row},0\n");

        Assert.Equal(["1"], result.Ids);
        Assert.Empty(result.Faults);
    }

    [Theory]
    [InlineData("#")]
    [InlineData("No.")]
    [InlineData("")]
    public async Task Rows_that_are_numbered_and_blank_are_passed_over(string header)
    {
        var result = await Read($"{header},symbol,name,price\n1,A,a,1\n2,,,\n3,,,\n");

        Assert.Equal(["a:a"], result.Ids);
        Assert.Empty(result.Faults);
    }

    /// <summary>Spreadsheets end with totals and sources, and have titles between rows, all in the first column.</summary>
    [Theory]
    [InlineData("Total,,,1820")]
    [InlineData("Source: CoinMarketCap,,,")]
    [InlineData("\"Prices of 20 Nov 2026, 12:00\",,,")]
    [InlineData("Stablecoins,,")]
    [InlineData("Total,-,0,1820")]
    [InlineData("Total,,91500.5,1820")]
    [InlineData("Average:,,91500.5,")]
    [InlineData("Grand total,-,91500.5,1820")]
    [InlineData("Sub-total,,91500.5,1820")]
    [InlineData("\u03A3,,91500.5,1820")]
    [InlineData("Count,,2,")]
    [InlineData("Others,,91500.5,1820")]
    [InlineData("Top 10,,91500.5,1820")]
    [InlineData("Rest of the market,,91500.5,1820")]
    [InlineData("Market total,,91500.5,1820")]
    public async Task Text_in_the_column_of_names_is_no_asset_without_symbol_id_and_price(string row)
    {
        var result = await Read($"Name,Symbol,Price,Market Cap\nBitcoin,BTC,1.5,10\n{row}\nNo symbol,,2.5,20\n");

        Assert.Equal(["btc:bitcoin", ":no symbol"], result.Ids);
        Assert.Equal(["3:missing_field"], result.Faults);
    }

    [Theory]
    [InlineData("TOP Network")]
    [InlineData("Alpha Media")]
    [InlineData("The Other")]
    public async Task A_coin_whose_name_has_a_word_of_totals_is_an_asset(string name)
    {
        var result = await Read($"Name,Symbol,Price,Market Cap\n{name},,2.5,20\n");

        Assert.Equal([$":{name.ToLowerInvariant()}"], result.Ids);
    }

    [Theory]
    [InlineData(",,,1.5")]
    [InlineData(",,,x")]
    [InlineData("7,,,0")]
    [InlineData(",,a,0")]
    public async Task Row_that_says_something_is_rejected(string row)
    {
        var result = await Read($"{Header}\n{row}\n");

        Assert.Empty(result.Records);
        Assert.Single(result.Rejections);
    }
}
