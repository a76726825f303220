using System.Text;
using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

public sealed class CsvNumberTests : CsvFiles
{
    [Theory]
    [InlineData("1,5", 1.5)]
    [InlineData("-0,25", -0.25)]
    [InlineData("+3", 3d)]
    [InlineData("1.234,5", 1234.5)]
    [InlineData("1.234.567,89", 1234567.89)]
    [InlineData("12.345", 12345d)]
    [InlineData(" 1,5E-7 ", 1.5e-7)]
    [InlineData("1.5", null)]
    [InlineData("1.23,4", null)]
    [InlineData("1,2,3", null)]
    [InlineData("1,234.5", null)]
    [InlineData(".5", null)]
    [InlineData("1,5E1.5", null)]
    [InlineData("-", null)]
    [InlineData("x", null)]
    public void TryParse_reads_decimal_commas_when_told(string text, double? expected)
    {
        var isNumber = CsvNumber.TryParse(Encoding.UTF8.GetBytes(text), decimalComma: true, out var value);

        Assert.Equal(expected, isNumber ? value : null);
    }

    [Theory]
    [InlineData("1,5", true)]
    [InlineData("0,123", true)]
    [InlineData(",5", true)]
    [InlineData("1.234,567", true)]
    [InlineData("1,50E-3", true)]
    [InlineData("1.5", false)]
    [InlineData("1234.567", false)]
    [InlineData("1,234.5", false)]
    [InlineData("1,234", null)]
    [InlineData("1,234,567", null)]
    [InlineData("1.234", null)]
    [InlineData("12", null)]
    [InlineData("a,b", null)]
    [InlineData("", null)]
    public void HasDecimalComma_does_not_guess_when_a_number_reads_both_ways(string text, bool? expected) =>
        Assert.Equal(expected, CsvNumber.HasDecimalComma(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("id;symbol;name;price;cap\n1;A;a;1,5;1.234,5\n2;B;b;1;\n", null, "1.5 1")]
    [InlineData("id;symbol;name;price\n1;A;a;1.5\n2;B;b;1,5\n", null, "1.5 !")]
    [InlineData("id;symbol;name;price\n1;A;a;1,234\n2;B;b;7\n", null, "! 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1,234\n2;B;b;7\n", true, "1.234 7")]
    [InlineData("id,symbol,name,price\n1,A,a,\"1,5\"\n2,B,b,7\n", null, "! 7")]
    [InlineData("id,symbol,name,price\n1,A,a,\"1,5\"\n2,B,b,7\n", true, "1.5 7")]
    [InlineData("id;symbol;name;price\n1;A;a;1,5\n2;B;b;7\n", false, "! 7")]
    [InlineData("id;symbol;name;note\n1;A;a;1,5\n2;B;b;7\n", null, "- -")]
    public async Task Decimal_comma_is_detected_when_not_set(string text, bool? set, string prices)
    {
        var result = await Read(text, new CsvOptions { DecimalComma = set });

        var read = result.Records.Select(r => (Line: long.Parse(r.ExternalId, null), Price: r.PriceUsd is { } price ? $"{price}" : "-"))
            .Concat(result.Rejections.Select(r => (Line: r.Position - 1, Price: "!")));
        Assert.Equal(prices, string.Join(' ', read.OrderBy(row => row.Line).Select(row => row.Price)));
    }
}
