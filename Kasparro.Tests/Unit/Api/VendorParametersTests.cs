using Kasparro.Api.Vendors;

namespace Kasparro.Tests.Unit.Api;

public sealed class VendorParametersTests
{
    [Theory]
    [InlineData(null, 6)]
    [InlineData("", 6)]
    [InlineData(" 5 ", 5)]
    [InlineData("250", 250)]
    [InlineData("251", 250)]
    [InlineData("0", 1)]
    [InlineData("+5", 5)]
    [InlineData("-5", 1)]
    [InlineData("5.5", 6)]
    [InlineData("1,000", 6)]
    [InlineData("99999999999", 250)]
    [InlineData("99999999999999999999", 250)]
    public void Whole_numbers_are_brought_into_their_range_and_anything_else_is_none(string? text, int expected) =>
        Assert.Equal(expected, VendorParameters.Whole(text, otherwise: 6, maximum: 250));
}
