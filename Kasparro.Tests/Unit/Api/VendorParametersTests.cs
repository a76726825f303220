using Kasparro.Api.CoinGeckoApi;
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

    [Theory]
    [InlineData(59948.401005655, "2", 59948.4)]
    [InlineData(59948.401005655, "0", 59948)]
    [InlineData(59948.401005655, "18", 59948.401005655)]
    [InlineData(52074.093653674674, "99", 52074.093653674674)]
    [InlineData(1.2345678e-12, "18", 1.234568e-12)]
    [InlineData(2.5, "0", 3)]
    [InlineData(-1.005, "2", -1.01)]
    [InlineData(double.Epsilon, "18", 0)]
    [InlineData(5.6e-06, "2", 0)]
    [InlineData(1e29, "2", 1e29)]
    [InlineData(0.5, "full", 0.5)]
    [InlineData(0.5, "-1", 0.5)]
    [InlineData(0.5, null, 0.5)]
    public void Prices_have_the_decimal_places_that_precision_asks_for_and_no_digits_of_their_own(
        double price, string? precision, double expected) =>
        Assert.Equal(expected, CoinGeckoParameters.Round(price, precision));
}
