using System.Globalization;
using Kasparro.Api.Catalogue;
using Kasparro.Api.History;
using Kasparro.Api.Http;

namespace Kasparro.Tests.Unit.Api;

public sealed class HistoryWindowTests
{
    [Theory]
    [InlineData("1d", "2024-02-28", "2024-03-01T00:00:01Z", "2024-02-28/2024-03-02", 3)] // In a leap year.
    [InlineData("1w", "2024-12-31", "2025-01-01", "2024-12-30/2025-01-06", 1)] // Two years in one week.
    [InlineData("1w", "2026-03-29", "2026-03-30", "2026-03-23/2026-03-30", 1)] // A Sunday.
    [InlineData("1h", "2026-03-29T00:30:00+01:00", "2026-03-29T03:30:00+02:00", "2026-03-28T23:00/2026-03-29T02:00", 3)] // Clocks go ahead.
    [InlineData("5m", "2026-11-20T11:59:59Z", "2026-11-20T12:00:01Z", "2026-11-20T11:55/2026-11-20T12:05", 2)]
    public void Times_are_widened_to_whole_intervals_of_UTC(string interval, string from, string to, string expected, long intervals)
    {
        Assert.True(HistoryWindow.TryCreate(Request(interval, from, to), Time("2026-11-28"), out var window, out var error), error);

        Assert.Equal(expected, $"{Text(window.From)}/{Text(window.To)}");
        Assert.Equal(intervals, window.Intervals);
    }

    [Theory]
    [InlineData("", "2026-11-20/2026-11-24")]
    [InlineData("2026-11-20", "2026-11-21/2026-11-24")]
    [InlineData("2026-11-21,2026-11-22", "2026-11-20/2026-11-21, 2026-11-23/2026-11-24")]
    [InlineData("2026-11-20,2026-11-21,2026-11-22,2026-11-23", "")]
    [InlineData("2026-11-20,2026-11-21,2026-11-22,2026-11-23,2026-11-24", "")]
    [InlineData("2026-11-25", "2026-11-20/2026-11-24")] // Ahead of the clock.
    public void Intervals_without_a_candle_are_gaps_unless_they_are_not_over(string days, string expected)
    {
        Assert.True(HistoryWindow.TryCreate(
            Request("1d", "2026-11-20", "2026-11-30"), Time("2026-11-24T23:59:59Z"), out var window, out var error), error);
        var points = days.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(day => new Candle(Time(day), 1, 1, 1, 1, null, null, 1, SourceNames.Csv)).ToList();

        var gaps = window.FindGaps(points, Time("2026-11-24T23:59:59Z"));

        Assert.Equal(expected, string.Join(", ", gaps.Select(gap => $"{Text(gap.From)}/{Text(gap.To)}")));
    }

    [Theory]
    [InlineData("2026-11-01", 1)]
    [InlineData("2026-11-10", 1)]
    [InlineData("2026-11-11T23:00:00Z", 2)]
    [InlineData("2026-11-12", 3)]
    [InlineData("2027-01-01", 3)]
    public void Rate_of_a_time_is_the_newest_of_before_it_else_the_oldest(string time, double expected)
    {
        var rates = new PastRates([(Time("2026-11-10"), 1), (Time("2026-11-11"), 2), (Time("2026-11-12"), 3)]);

        Assert.Equal(expected, rates.At(Time(time)));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(" ", null)]
    [InlineData("EUR ", "eur")]
    [InlineData("e-r", null)]
    [InlineData("abcdefghijklmnopqrstu", null)]
    public void Currency_is_a_code_in_any_case(string? text, string? expected) =>
        Assert.Equal(expected, CurrencyCode.TryParse(text, null, out var code) ? code.Value : null);

    [Theory]
    [InlineData("2026-11", true)]
    [InlineData("2026-13", false)]
    [InlineData("0001-01", false)]
    [InlineData("9999-12", false)]
    [InlineData("2026-11-01", false)]
    public void Month_is_a_year_and_a_month(string text, bool expected) => Assert.Equal(expected, UtcMonth.TryParse(text, null, out _));

    private static HistoriesRequest Request(string interval, string from, string to) =>
        new() { Assets = [], From = new UtcTime(Time(from)), To = new UtcTime(Time(to)), Interval = interval };

    private static DateTime Time(string text) => Rfc3339.TryParse(text, out var time) ? time : throw new FormatException(text);

    private static string Text(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture).Replace("T00:00", "", StringComparison.Ordinal);
}
