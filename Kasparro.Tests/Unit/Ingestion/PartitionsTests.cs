using System.Globalization;
using Kasparro.Ingestion.Postgres;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class PartitionsTests
{
    [Theory]
    [InlineData("2026-11-23T00:00:00Z", "2026-11-23")]
    [InlineData("2026-11-29T23:59:59.9999999Z", "2026-11-23")]
    [InlineData("2026-11-30T00:00:00+05:30", "2026-11-23")] // Sunday in UTC.
    [InlineData("2026-11-29T23:00:00-01:00", "2026-11-30")] // Monday in UTC.
    [InlineData("2027-01-01T12:00:00Z", "2026-12-28")]
    [InlineData("2024-02-29T12:00:00Z", "2024-02-26")]
    [InlineData("0001-01-07T12:00:00Z", "0001-01-01")]
    public void Weeks_begin_on_Monday_UTC(string time, string start) =>
        Assert.Equal(Parse(start), Partitions.GetStart(Partitions.Quotes, Parse(time)));

    [Theory]
    [InlineData("2026-11-29T23:59:59.9999999Z", "2026-11-29")]
    [InlineData("2026-11-30T00:00:00+05:30", "2026-11-29")]
    [InlineData("2026-11-30T00:00:00Z", "2026-11-30")]
    public void Raw_pages_are_of_days_UTC(string time, string start) =>
        Assert.Equal(Parse(start), Partitions.GetStart(Partitions.RawPages, Parse(time)));

    private static DateTimeOffset Parse(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
