using Kasparro.Api.Catalogue;

namespace Kasparro.Tests.Unit.Api;

public sealed class DataQueryParserTests
{
    private static readonly DataCursorCodec Cursors = new();

    [Theory]
    [InlineData(null, 1, 20, null, "")]
    [InlineData("", 1, 20, null, "")]
    [InlineData("?", 1, 20, null, "")]
    [InlineData("?&&", 1, 20, null, "")]
    [InlineData("?page=2&page_size=1000", 2, 1000, null, "")]
    [InlineData("?page=0002", 2, 20, null, "")]
    [InlineData("?page=50000", 50_000, 20, null, "")]
    [InlineData("?symbol=b,A,,&symbol=b", 1, 20, null, "A\0B\0B,A,,")]
    [InlineData("?sort=-market_cap&fields=symbol,name,price_usd,market_cap,source,asset_id,updated_at", 1, 20, null, "")]
    [InlineData("?source=csv_source&symbol=btc", 1, 20, "csv_source", "BTC")]
    [InlineData("?symbol=%C3%A4+b%2Bc", 1, 20, null, "Ä B+C")]
    [InlineData("?symbol=%zz%ff", 1, 20, null, "%ZZ%FF")]
    public void Query_is_normalised_when_well_formed(string? text, int page, int pageSize, string? source, string symbol)
    {
        Assert.True(DataQueryParser.TryParse(text, Cursors, out var query, out var errors));
        Assert.Null(errors);
        Assert.Equal(new DataQuery(page, pageSize, source, symbol), query);
    }

    [Fact]
    public void Errors_are_all_told_when_several_parameters_are_wrong()
    {
        Assert.False(DataQueryParser.TryParse("?page=x&page=2&page=3&page_size=0&no=1&no=2", Cursors, out _, out var errors));

        Assert.Equal(["no", "page", "page_size"], errors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["must be a whole number from 1 to 2147483647", "must be given once"], errors["page"]);
        Assert.Single(errors["no"]);
    }

    [Theory]
    [InlineData("q")]
    [InlineData("name")]
    [InlineData("symbol")]
    public void Letter_and_accent_are_the_same_text_as_the_letter_with_its_accent(string parameter)
    {
        Assert.True(DataQueryParser.TryParse($"?{parameter}=cafe%CC%81", Cursors, out var sent, out _));
        Assert.True(DataQueryParser.TryParse($"?{parameter}=caf%C3%A9", Cursors, out var composed, out _));

        Assert.Equal(composed!.ToString(), sent!.ToString());
    }

    [Theory]
    [InlineData(1, 1, 0L)]
    [InlineData(int.MaxValue, 1000, 2_147_483_646_000L)]
    public void Offset_does_not_overflow(int page, int pageSize, long offset) =>
        Assert.Equal(offset, new DataQuery(page, pageSize, null, "").Offset);

    [Fact]
    public void Text_of_different_queries_differs_when_a_symbol_imitates_parameters()
    {
        var imitation = new DataQuery(1, 20, null, "A&PAGE=2");

        Assert.Equal("data/2?page=1&page_size=20&symbol=A%26PAGE%3D2", imitation.ToString());
    }
}
