using System.Globalization;
using Kasparro.Api.Http;

namespace Kasparro.Tests.Unit.Api;

public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("2026-11-20T12:00:00Z", "2026-11-20T12:00:00.0000000Z")]
    [InlineData("2026-11-20t12:00:00z", "2026-11-20T12:00:00.0000000Z")]
    [InlineData(" 2026-11-20 12:00:00Z ", "2026-11-20T12:00:00.0000000Z")]
    [InlineData("2026-11-20T12:00:00.123456789Z", "2026-11-20T12:00:00.1234567Z")]
    [InlineData("2026-11-20T12:00:00.12345678+02:00", "2026-11-20T10:00:00.1234567Z")]
    [InlineData("2026-11-20T12:00:00.123456789012345678Z", "2026-11-20T12:00:00.1234567Z")]
    [InlineData("2026-11-20T12:00:00.9999999999Z", "2026-11-20T12:00:00.9999999Z")]
    [InlineData("2026-11-20T12:00:00,5Z", "2026-11-20T12:00:00.5000000Z")]
    [InlineData("2026-11-20 12:00:00+00:00", "2026-11-20T12:00:00.0000000Z")]
    [InlineData("2026-11-20T12:00:00 02:00", "2026-11-20T10:00:00.0000000Z")]
    [InlineData("2026-11-20 12:00:00.5 02:00", "2026-11-20T10:00:00.5000000Z")]
    [InlineData("2026-11-20T12:00:00-05:30", "2026-11-20T17:30:00.0000000Z")]
    [InlineData("2026-11-20T12:00:00+0000", "2026-11-20T12:00:00.0000000Z")]
    [InlineData("2026-11-20T12:00Z", "2026-11-20T12:00:00.0000000Z")]
    [InlineData("2026-11-20T12:00:00", "2026-11-20T12:00:00.0000000Z")]
    [InlineData("2026-11-20", "2026-11-20T00:00:00.0000000Z")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000Z")]
    public void Every_form_of_RFC_3339_is_read_as_UTC(string text, string time)
    {
        Assert.True(Rfc3339.TryParse(text, out var parsed));
        Assert.Equal(DateTimeKind.Utc, parsed.Kind);
        Assert.Equal(time, parsed.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1763640000")]
    [InlineData("20-11-2026")]
    [InlineData("20/11/2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-20T24:00:00Z")]
    [InlineData("2026-11-20T12:00:61Z")]
    [InlineData("2026-11-20T12:00:00+99:99")]
    [InlineData("2026-11-20T12Z")]
    [InlineData("2026-11-20Z")]
    [InlineData("0001-01-01T00:00:00+14:00")]
    [InlineData("9999-12-31T23:59:60Z")]
    [InlineData("٢٠٢٦-11-20")]
    [InlineData("2026-11-20T12:00:00.00000000000000000000000000000000000000000000000000Z")]
    public void Anything_else_is_no_time(string text) => Assert.False(Rfc3339.TryParse(text, out _));
}
