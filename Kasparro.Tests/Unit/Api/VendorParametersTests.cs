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
    [InlineData("0", 6)]
    [InlineData("+5", 6)]
    [InlineData("-5", 6)]
    [InlineData("1,000", 6)]
    [InlineData("99999999999", 6)]
    public void Whole_numbers_are_digits_alone_and_brought_into_their_range(string? text, int expected) =>
        Assert.Equal(expected, VendorParameters.Whole(text, otherwise: 6, maximum: 250));
}
