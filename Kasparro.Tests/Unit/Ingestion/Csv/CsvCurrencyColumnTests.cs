using Kasparro.Ingestion.Sources.Csv;

namespace Kasparro.Tests.Unit.Ingestion.Csv;

/// <summary>A column that says in what currency its row is.</summary>
public sealed class CsvCurrencyColumnTests : CsvFiles
{
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

    [Theory]
    [InlineData("currency", "S1", "S2")] // The asset itself, as some have it.
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
