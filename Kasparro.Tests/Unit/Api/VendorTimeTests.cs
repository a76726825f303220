using Kasparro.Api.Vendors;

namespace Kasparro.Tests.Unit.Api;

public sealed class VendorTimeTests
{
    [Theory]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1763640000", "2025-11-20T12:00:00Z")]
    [InlineData("1763640000.75", "2025-11-20T12:00:00Z")]
    [InlineData("253402300799", "9999-12-31T23:59:59Z")]
    [InlineData("2025-11-20", "2025-11-20T00:00:00Z")]
    [InlineData("2025-11-20 12:00:00.123456789+00:00", "2025-11-20T12:00:00.1234567Z")]
    public void Time_is_read_as_the_vendors_take_it(string text, string expected)
    {
        Assert.True(VendorTime.TryParse(text, out var time));
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime, time);
    }

    [Theory]
    [InlineData("-Infinity")]
    [InlineData("Infinity")]
    [InlineData("∞")]
    [InlineData("-∞")]
    [InlineData("NaN")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("253402300800")]
    [InlineData("99999999999999999999999999")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_time_is_refused(string? text) => Assert.False(VendorTime.TryParse(text, out _));
}
