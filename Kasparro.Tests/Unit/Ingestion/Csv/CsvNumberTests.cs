using System.Text;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvNumberTests : CsvFiles
{
    /// <summary>Cells with their values when nothing is known about the rest of the file; null if the cell is rejected.</summary>
    public static TheoryData<NumberCase> Cells => new((NumberCase[])
    [
        new("1234.5", 1234.5),
        new("+3", 3),
        new(" 1.5 ", 1.5),
        new("1.5E-7", 1.5e-7),
        new("1e5", 1e5),
        new(".5", 0.5),
        new("5.", 5),
        new("-1.5", -1.5),
        new("1,234.56", 1234.56),
        new("12,345,678", 12_345_678),
        new("12,34,567.89", 1_234_567.89), // As in India.
        new("1,00,000", 100_000),
        new("1.234,56", 1234.56),
        new("1.234.567", 1_234_567),
        new("1,5", 1.5),
        new("0,123", 0.123),
        new("1234,567", 1234.567),
        new("1,50E-3", 0.0015),
        new("1 234 567,89", 1_234_567.89),
        new("1\u00A0234,5", 1234.5),
        new("1\u202F234.5", 1234.5),
        new("2\u2009500\u2009000", 2_500_000),
        new("1'234.56", 1234.56),
        new("1\u2019234\u2019567", 1_234_567),
        new("$1,234.56", 1234.56),
        new("1.5$", 1.5),
        new("US$ 1.5", 1.5),
        new("USD 1.5", 1.5),
        new("1.5 usd", 1.5),
        new("$1.5 USD", 1.5),
        new("1.5 dollars", 1.5),
        new("\u22121.5", -1.5),
        new("-$1.5", -1.5),
        new("$-1.5", -1.5),
        new("1.5-", -1.5),
        new("(1.5)", -1.5),
        new("($1,234.50)", -1234.5),
        new("2.4B", 2.4e9),
        new("350K", 350e3),
        new("1.5 m", 1.5e6),
        new("$1.2 T", 1.2e12),
        new("1,5 bn USD", 1.5e9),
        new("1.5 million", 1.5e6),
        new("=\"1.5\"", 1.5),
        new("'1.5", 1.5),
        new("1.5\u200B", 1.5),
        new("1,2 Mio.", 1.2e6),
        new("1,2 Mrd", 1.2e9),
        new("1,2 Mrd.", 1.2e9),
        new("2.5 mln", 2.5e6),
        new("2.5 bln", 2.5e9),
        new("1,820.5 billion", 1.8205e12),
        new("2,5 bln", null, "has a factor that is another one"), // It is 1e12 in Poland, Germany and France.
        new("$2,5 billion", null, "has a factor that is another one"),
        new("2,5 Trillion USD", null, "has a factor that is another one"),
        new("2.5 millions", 2.5e6),
        new("2.4B$", 2.4e9),
        new("2.4 B$", 2.4e9),
        new("2.4 M$", 2.4e6),
        new("2.4 BUSD", null, "is in 'BUSD'"), // A coin.
        new("$2.4B", 2.4e9),
        new("US$2.4bn", 2.4e9),
        new("1 234,50 $US", 1234.5),
        new("1,50 US-$", 1.5),
        new("1,50 US-Dollar", 1.5),
        new("1.50 US dollars", 1.5),
        new("\"1.5\"", 1.5),
        new("\" $1.5 \"", 1.5),
        new("B$ 2.4", null, "is in 'B$'"), // Brunei's.
        new("M$2.4", null, "is in 'M$'"),
        new("1.5 BTC-USD", null, "is in 'BTC-USD'"),
        new("2.4 M\u20AC", null, "is in 'M\u20AC'"),
        new("$", null, "is not a number"),
        new("1,234", null, "Sources:Csv:DecimalComma"),
        new("$1,234", null, "Sources:Csv:DecimalComma"),
        new("1,234K", null, "Sources:Csv:DecimalComma"),
        new("\u20AC1.5", null, "is in '\u20AC', not in US dollars"),
        new("1.5 EUR", null, "is in 'EUR', not in US dollars"),
        new("\u00A31.5", null, "is in '\u00A3'"),
        new("BTC 1.5", null, "is in 'BTC'"),
        new("0.5 \u20BF", null, "is in '\u20BF'"),
        new("A$1.5", null, "is in 'A$'"),
        new("HK$ 1.5", null, "is in 'HK$'"),
        new("1.5 USDT", null, "is in 'USDT'"),
        new("$1.5 CAD", null, "is in 'CAD'"),
        new("1.5%", null, "is a percentage"),
        new("% 1.5", null, "is a percentage"),
        new("1,5 \u2030", null, "is a percentage"),
        new("1.2.3", null, "is not a number"),
        new("1,2,3", null, "is not a number"),
        new("12 34", null, "is not a number"),
        new("1,23.5", null, "is not a number"),
        new("0.000.012", null, "is not a number"),
        new("0,000,012", null, "is not a number"),
        new("0,000,012.50", 12.5), // A fixed width.
        new("1,234,56,789", null, "is not a number"),
        new("1.234,567.8", null, "is not a number"),
        new("1 234'567", null, "is not a number"),
        new("1.5*", 1.5),
        new("1.5 \u2020", 1.5),
        new("1.5 [1]", 1.5),
        new("$1.5 \u25B2", 1.5),
        new("1.5 \u2193", 1.5),
        new("=1.5", 1.5),
        new("\u201C1.5\u201D", 1.5),
        new("\u00AB1,5\u00BB", 1.5),
        new("`1.5`", 1.5),
        new("\u202D1.5\u202C", 1.5),
        new("1.5\uFE0F\u200D", 1.5),
        new("\uFF11\uFF12\uFF13\uFF0E\uFF15", 123.5), // Full-width.
        new("\uFF04\uFF11\uFF0C\uFF12\uFF13\uFF14\uFF0E\uFF15", 1234.5),
        new("\u0661\u0662\u0663\u066B\u0665", 123.5), // Arabic.
        new("\u0661\u066C\u0662\u0663\u0664\u066B\u0665\u0660\u0661", 1234.501),
        new("\u0661\u066C\u0662\u0663\u0664", 1234),
        new("\u06F1\u06F2", 12), // Persian.
        new("\u0967\u0968.\u096B", 12.5), // Hindi.
        new("1.5 Mds $", 1.5e9),
        new("1.5 \u043C\u043B\u043D", 1.5e6),
        new("1.5 \u0442\u044B\u0441.", 1.5e3),
        new("12.5 \u5104", 12.5e8),
        new("3 lakh", 3e5),
        new("1.5 Cr", 1.5e7),
        new("U$S 1.234,50", 1234.5), // US dollars in Argentina.
        new("91_500.50", 91_500.5),
        new("9_1500", null, "is not a number"),
        new("1.5 (USD)", 1.5),
        new("1.5 (EUR)", null, "is in 'EUR'"),
        new("$0.0\u20854793", 0.000004793), // Five zeros.
        new("0,0\u2081\u20815 USD", 0.000000000005),
        new("0.5\u20854793", null, "is not a number"),
        new("1.5 [B]", null, "is not a number"),
        new("\u25BC1.5", null, "is not a number"),
        new("*1.5", null, "is not a number"),
        new("5.\u2013", null, "is not a number"),
        new("1.5\u00B2", null, "is not a number"),
        new("\uFF11\uFF15\uFF10\uFF10\u5186", null, "is in '\u5186'"),
        new("~1.5", null, "is not a number"),
        new("--1.5", null, "is not a number"),
        new("(-1.5)", null, "is not a number"),
        new("(1.5", null, "is not a number"),
        new("1-2", null, "is not a number"),
        new("1,5E1.5", null, "is not a number"),
        new("0x1F", null),
        new("2.4MB", null, "is in 'MB'"),
        new("#4", null, "is not a number"),
        new("x", null, "is not a number"),
    ]);

    /// <summary>The meaning of <c>1,234</c> and <c>1.234</c>, depending on what is known about the file.</summary>
    public static TheoryData<MarkCase> Marks => new((MarkCase[])
    [
        new("1,234", DecimalMark.Unknown, null),
        new("1.234", DecimalMark.Unknown, null),
        new("1,234", DecimalMark.LikelyPoint, null),
        new("1.234", DecimalMark.LikelyPoint, 1.234),
        new("1,234", DecimalMark.Point, 1234),
        new("1.234", DecimalMark.Point, 1.234),
        new("1,5", DecimalMark.Point, 1.5),
        new("1,234", DecimalMark.Comma, 1.234),
        new("1.234", DecimalMark.Comma, 1234),
        new("1.5", DecimalMark.Comma, 1.5),
        new("1,234", DecimalMark.PointOnly, 1234),
        new("1,5", DecimalMark.PointOnly, null),
        new("1.234,5", DecimalMark.PointOnly, null),
        new("1,234", DecimalMark.CommaOnly, 1.234),
        new("12.345", DecimalMark.CommaOnly, 12_345),
        new("1.234.567,89", DecimalMark.CommaOnly, 1_234_567.89),
        new(" 1,5E-7 ", DecimalMark.CommaOnly, 1.5e-7),
        new("-0,25", DecimalMark.CommaOnly, -0.25),
        new("1.5", DecimalMark.CommaOnly, null),
        new("1.23,4", DecimalMark.CommaOnly, null),
        new("1,2,3", DecimalMark.CommaOnly, null),
        new("1,234.5", DecimalMark.CommaOnly, null),
        new(".5", DecimalMark.CommaOnly, null),
        new("\u0661\u066B\u0662\u0663\u0664", DecimalMark.CommaOnly, 1.234), // The Arabic decimal mark is unambiguous.
        new("\u0661\u066B\u0662\u0663\u0664", DecimalMark.Comma, 1.234),
        new("\u0661\u066C\u0662\u0663\u0664", DecimalMark.Unknown, 1234),
        new("1,5E1.5", DecimalMark.CommaOnly, null),
    ]);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Read_takes_what_means_one_number_and_refuses_the_rest_by_name(NumberCase @case)
    {
        var reading = CsvNumber.Read(Encoding.UTF8.GetBytes(@case.Text), DecimalMark.LikelyPoint);

        Assert.Equal(@case.Value, reading.Kind is NumberKind.Number ? reading.Value : null);
        if (@case.Problem is { } problem)
        {
            Assert.Contains(problem, reading.Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Marks))]
    public void Read_follows_what_is_known_of_the_file_when_a_number_reads_both_ways(MarkCase @case)
    {
        var reading = CsvNumber.Read(Encoding.UTF8.GetBytes(@case.Text), Enum.Parse<DecimalMark>(@case.Mark));

        Assert.Equal(@case.Value, reading.Kind is NumberKind.Number ? reading.Value : null);
    }

    [Theory]
    [InlineData("N/A"), InlineData("n/a"), InlineData("na"), InlineData("#N/A"), InlineData("<NA>"), InlineData("unknown"),
        InlineData("TBD")]
    [InlineData("-"), InlineData("--"), InlineData("\u2014"), InlineData("\u2013"), InlineData("?"), InlineData("\\N"), InlineData("nil")]
    [InlineData("null"), InlineData("NULL"), InlineData("None"), InlineData("NaN"), InlineData("nan")]
    [InlineData("\u221E"), InlineData("Infinity"), InlineData("inf"), InlineData("Unlimited")]
    [InlineData(""), InlineData(" "), InlineData("\u00A0"), InlineData("\u200B"), InlineData("=\"\"")]
    [InlineData(" $-   "), InlineData("$--"), InlineData("- $"), InlineData("$ -"), InlineData("N/A USD"), InlineData("US$ n/a")]
    [InlineData("#DIV/0!"), InlineData("#VALUE!"), InlineData("#REF!"), InlineData("#NAME?"), InlineData("#NUM!"), InlineData("#BEZUG!")]
    [InlineData("#N/A Requesting Data..."), InlineData("#N/A Field Not Applicable"), InlineData("n/a (delisted)"), InlineData("n.m.")]
    [InlineData("#FIELD!"), InlineData("#N/D"), InlineData("#I/T"), InlineData("#\u0417\u041D\u0410\u0427!"), InlineData("\u2013 \u2013")]
    [InlineData("Loading..."), InlineData("1.#INF"), InlineData("-1.#INF"), InlineData("#n/a invalid security")]
    [InlineData("NaT"), InlineData("#NV"), InlineData("Err:502"), InlineData("\"\""), InlineData("\"N/A\"")]
    public void Read_finds_nothing_known_when_a_cell_says_so(string text)
    {
        foreach (var mark in Enum.GetValues<DecimalMark>())
        {
            Assert.Equal(NumberKind.NotKnown, CsvNumber.Read(Encoding.UTF8.GetBytes(text), mark).Kind);
        }
    }

    [Fact]
    public void Read_finds_nothing_known_for_every_word_that_says_so()
    {
        foreach (var word in CsvCell.NullWords)
        {
            Assert.Equal(NumberKind.NotKnown, CsvNumber.Read(Encoding.UTF8.GetBytes($" {word} "), DecimalMark.Unknown).Kind);
        }
    }

    [Fact]
    public void Read_takes_every_word_for_a_factor()
    {
        foreach (var (word, factor) in CsvMoney.Factors)
        {
            foreach (var text in new[] { $"2.5 {word}", $"$2.5{word.ToUpperInvariant()}", $"2.5 {word}. USD", $"2.5{word}$" })
            {
                Assert.Equal(2.5 * factor, CsvNumber.Read(Encoding.UTF8.GetBytes(text), DecimalMark.LikelyPoint).Value);
            }
        }
    }

    [Theory]
    [InlineData(DecimalMark.Comma, NumberKind.Unusable)]
    [InlineData(DecimalMark.CommaOnly, NumberKind.Unusable)]
    [InlineData(DecimalMark.Point, NumberKind.Number)]
    [InlineData(DecimalMark.Unknown, NumberKind.Number)]
    internal void Read_refuses_billions_in_a_file_of_decimal_commas(DecimalMark mark, NumberKind expected) =>
        Assert.Equal(expected, CsvNumber.Read("1 820 bln"u8, mark).Kind);

    [Theory]
    [InlineData("#4", 4d)]
    [InlineData("4", 4d)]
    [InlineData("# 4", 4d)]
    [InlineData("4th", null)]
    public void Read_takes_a_ranks_sign(string text, double? expected)
    {
        var reading = CsvNumber.Read(Encoding.UTF8.GetBytes(text), DecimalMark.LikelyPoint, isRank: true);

        Assert.Equal(expected, reading.Kind is NumberKind.Number ? reading.Value : null);
    }

    /// <summary>The ranks in a file's rows, and what is read, with a dash for an omitted rank.</summary>
    [Theory]
    [InlineData(",", "999 1.000 1.001", "999 - -", null)] // A thousand, as in Germany, or one?
    [InlineData(",", "2.9 3.0 4", "- 3 4", null)]
    [InlineData(";", "999 1.000", "999 -", null)]
    [InlineData(",", "999 1.000", "999 1", false)]
    [InlineData(";", "999 1.000", "999 1000", true)]
    [InlineData(",", "1,000 7", "1000 7", false)]
    public async Task Rank_is_whole(string delimiter, string ranks, string expected, bool? decimalComma)
    {
        var rows = ranks.Split(' ').Select((rank, i) => $"{i}\tS\tn\t{(decimalComma is true ? "1,5" : "1.5")}\t\"{rank}\"\n");
        var text = $"id\tsymbol\tname\tprice\trank\n{string.Concat(rows)}".Replace("\t", delimiter, StringComparison.Ordinal);

        var result = await Read(
            decimalComma is true ? text : text.Replace("\"1,5\"", "1.5", StringComparison.Ordinal), new() { DecimalComma = decimalComma });

        Assert.Equal(expected, string.Join(' ', result.Records.Select(record => record.Rank is { } rank ? $"{rank}" : "-")));
        var lost = expected.Count(c => c == '-');
        Assert.Equal(lost == 0 ? [] : [$"rank unusable {lost}"], result.Drifts);
    }

    [Theory]
    [InlineData("19.5M BTC", "BTC", 19.5e6)]
    [InlineData("19,500,000 btc", "BTC", 19.5e6)]
    [InlineData("19.5 ETH", "BTC", null)]
    [InlineData("19.5 M", "M", null)] // The coin, or millions?
    [InlineData("17,000,000 BTC *", "BTC", 17e6)]
    [InlineData("17,000,000*", "BTC", 17e6)]
    [InlineData("1,000,000.5 C98", "C98", 1_000_000.5)]
    [InlineData("1.5M c98 *", "C98", 1.5e6)]
    [InlineData("1.5 1INCH", "1INCH", 1.5)]
    [InlineData("1.51INCH", "1INCH", null)]
    [InlineData("98", "98", 98d)]
    [InlineData("1 598", "598", 1598d)]
    [InlineData("C98", "C98", null)]
    [InlineData("BTC 19.94M", "BTC", 19.94e6)]
    [InlineData("ETH 19.94M", "BTC", null)]
    public void Read_takes_a_supplys_own_unit(string text, string symbol, double? expected)
    {
        var reading = CsvNumber.Read(Encoding.UTF8.GetBytes(text), DecimalMark.LikelyPoint, unit: symbol);

        Assert.Equal(expected, reading.Kind is NumberKind.Number ? reading.Value : null);
    }

    [Theory]
    [InlineData("1,5", true)]
    [InlineData("0,123", true)]
    [InlineData(",5", true)]
    [InlineData("1.234,567", true)]
    [InlineData("1.234.567", true)]
    [InlineData("1,50E-3", true)]
    [InlineData("1 234,567", true)]
    [InlineData("1.5", false)]
    [InlineData("1234.567", false)]
    [InlineData("1,234.5", false)]
    [InlineData("1,234,567", false)]
    [InlineData("1\u2019234.567", false)]
    [InlineData("1,234", null)]
    [InlineData("1.234", null)]
    [InlineData("12", null)]
    [InlineData("a,b", null)]
    [InlineData("", null)]
    public void HasDecimalComma_does_not_guess_when_a_number_reads_both_ways(string text, bool? expected) =>
        Assert.Equal(expected, CsvNumber.HasDecimalComma(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("id;symbol;name;price;cap\n1;A;a;1,5;1.234,5\n2;B;b;1;\n", null, "1.5 1")]
    [InlineData("id;symbol;name;price\n1;A;a;1.5\n2;B;b;1,5\n", null, "1.5 1.5")] // Each of them can mean only one number.
    [InlineData("id;symbol;name;price\n1;A;a;1.5\n2;B;b;1,5\n3;C;c;1.234\n", null, "1.5 1.5 !")] // Here the file does not decide it.
    [InlineData("id;symbol;name;price\n1;A;a;1,234\n2;B;b;7\n", null, "! 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1.234\n2;B;b;7\n", null, "! 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1.234\n2;B;b;7,5\n", null, "1234 7.5")]
    [InlineData("id;symbol;name;price\n1;A;a;1.234\n2;B;b;7.5\n", null, "1.234 7.5")]
    [InlineData("id\tsymbol\tname\tprice\n1\tA\ta\t1.234\n2\tB\tb\t7\n", null, "! 7")]
    [InlineData("id\tsymbol\tname\tprice\n1\tA\ta\t1.234\n2\tB\tb\t7,5\n", null, "1234 7.5")]
    [InlineData("id\tsymbol\tname\tprice\n1\tA\ta\t1.234\n2\tB\tb\t7.5\n", null, "1.234 7.5")]
    [InlineData("id|symbol|name|price\n1|A|a|1.234\n2|B|b|7\n", null, "! 7")]
    [InlineData("id|symbol|name|price\n1|A|a|1.234\n2|B|b|7,5\n", null, "1234 7.5")]
    [InlineData("id,symbol,name,price,market cap\n1,A,a,\"1,234\",\n2,B,b,7,\"2,500,000\"\n", null, "1234 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1,234\n2;B;b;7\n", true, "1.234 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1,234\n2;B;b;7\n", false, "1234 7")]
    [InlineData("id,symbol,name,price\n1,A,a,\"1,5\"\n2,B,b,7\n", null, "1.5 7")]
    [InlineData("id,symbol,name,price\n1,A,a,\"1,5\"\n2,B,b,7\n", true, "1.5 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1,5\n2;B;b;7\n", false, "! 7")]
    [InlineData("id;symbol;name;note\n1;A;a;1,5\n2;B;b;7\n", null, "- -")]
    public async Task Decimals_are_told_from_the_files_own_numbers_when_not_set(string text, bool? set, string prices)
    {
        var result = await Read(text, new CsvOptions { DecimalComma = set });

        var read = result.Records.Select(r => (Line: long.Parse(r.ExternalId, null), Price: r.PriceUsd is { } price ? $"{price}" : "-"))
            .Concat(result.Rejections.Select(r => (Line: r.Position - 1, Price: "!")));
        Assert.Equal(prices, string.Join(' ', read.OrderBy(row => row.Line).Select(row => row.Price)));
    }

    public sealed record NumberCase(string Text, double? Value, string? Problem = null)
    {
        public override string ToString() => Text;
    }

    public sealed record MarkCase(string Text, string Mark, double? Value)
    {
        internal MarkCase(string text, DecimalMark mark, double? value)
            : this(text, mark.ToString(), value)
        {
        }

        public override string ToString() => $"{Text} ({Mark})";
    }
}
