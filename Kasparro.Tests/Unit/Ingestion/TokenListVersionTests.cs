using Kasparro.Ingestion.Loading.TokenLists;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class TokenListVersionTests
{
    private static readonly ListedToken One = new("0xA", "ONE", "One", 18);
    private static readonly ListedToken Two = new("0xB", "TWO", "Two", 6);

    [Fact]
    public void Version_says_what_changed()
    {
        var version = new TokenListVersion(2, 3, 4);

        Assert.Equal(version, version.After([One, Two], [Two, One]));
        Assert.Equal(new(2, 3, 5), version.After([One, Two], [One, Two with { Name = "Second" }]));
        Assert.Equal(new(2, 3, 5), version.After([One], [One with { Decimals = 8 }]));
        Assert.Equal(new(2, 4, 0), version.After([One], [One with { Symbol = "UNO" }, Two]));
        Assert.Equal(new(3, 0, 0), version.After([One, Two], [One]));
        Assert.Equal(new(3, 0, 0), version.After([One], [Two]));
        Assert.Equal(new(3, 0, 0), version.After([One], []));
    }

    [Theory]
    [InlineData("0xd8da6bf26964af9d7eed9e03e53415d37aa96045", "ABC", "Name", "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045", "Name")]
    [InlineData("0xd8da6bf26964af9d7eed9e03e53415d37aa96045", "", "  Two\twords ", "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
        "Two words")]
    [InlineData("0xd8da6bf26964af9d7eed9e03e53415d37aa96045", "A B", "Name", null, null)]
    [InlineData("0xd8da6bf26964af9d7eed9e03e53415d37aa96045", "ABCDEFGHIJKLMNOPQRSTU", "Name", null, null)]
    [InlineData("one1egzwqa9pys2easrxaa28xgll3yxu83gmcnf08f", "ABC", "Name", null, null)]
    public void Token_is_what_the_schema_takes(string address, string symbol, string name, string? expected, string? shown)
    {
        var token = ListedToken.Create(AddressRule.EvmOrNative, address, symbol, name, 18);

        Assert.Equal((expected, shown), (token?.Address, token?.Name));
    }

    [Fact]
    public void Long_name_is_cut_between_its_letters()
    {
        var name = ListedToken.Create(AddressRule.Evm, "0xd8da6bf26964af9d7eed9e03e53415d37aa96045", "X", string
            .Concat(Enumerable.Repeat("\U0001F680", 40)), 0)!.Name;

        Assert.InRange(name.Length, 50, 60);
        Assert.Equal(name, string.Concat(name.EnumerateRunes()));
        Assert.EndsWith("\U0001F680…", name, StringComparison.Ordinal);
    }
}
