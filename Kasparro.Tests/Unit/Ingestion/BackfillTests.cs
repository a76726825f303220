using Kasparro.Ingestion.Backfills;
using Kasparro.Ingestion.Sources;
using Kasparro.Ingestion.Sources.CoinGecko;
using Kasparro.Ingestion.Sources.CoinPaprika;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kasparro.Tests.Unit.Ingestion;

/// <summary>How history is divided into windows, and how many calls backfills may spend.</summary>
public sealed class BackfillTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly IHistorySource _gecko = new CoinGeckoHistory(
        new ServiceCollection().BuildServiceProvider(), Options.Create(new CoinGeckoOptions()), new FakeTimeProvider(Now));

    private readonly IHistorySource _paprika = new CoinPaprikaHistory(
        new ServiceCollection().BuildServiceProvider(), Options.Create(new CoinPaprikaOptions()), new FakeTimeProvider(Now));

    [Theory]
    [InlineData(-365, 0, "-90..0, -364.997..-90")]
    [InlineData(-3_000, 0, "-90..0, -364.997..-90")]
    [InlineData(-90, 0, "-90..0")]
    [InlineData(-200, -100, "-200..-100")]
    [InlineData(-100, -10, "-100..-10")]
    [InlineData(-300, -10, "-100..-10, -300..-100")]
    [InlineData(-0.2, 0, "-0.2..0")]
    [InlineData(-800, -400, "")]
    [InlineData(0, 0, "")]
    public void CoinGecko_has_hours_of_the_last_90_days_and_days_of_the_rest_the_newest_first(double from, double to, string expected) =>
        Assert.Equal(expected, Cut(_gecko, from, to));

    [Theory]
    [InlineData(-365, 0, "-364.997..0")]
    [InlineData(-3, 0, "-3..0")]
    [InlineData(-0.2, 0, "-0.2..0")]
    [InlineData(-0.02, -0.01, "")] // No full hour.
    [InlineData(-9.4, -9.1, "")] // No midnight, and hours exist only for the last day.
    [InlineData(-9.6, -9.1, "-9.6..-9.1")]
    [InlineData(-800, -400, "")]
    public void CoinPaprika_has_days_and_hours_of_the_last_day_and_no_window_without_either(double from, double to, string expected) =>
        Assert.Equal(expected, Cut(_paprika, from, to));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(30, 4_000)]
    [InlineData(50, 2_400)]
    [InlineData(500, 240)]
    public void Half_of_a_minutes_calls_are_left_to_others_however_many_the_plan_has(int callsAMinute, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ((IHistorySource)new CoinGeckoHistory(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new CoinGeckoOptions { RequestsPerMinute = callsAMinute }), new FakeTimeProvider(Now))).Pause);

    [Theory]
    [InlineData(0, 0, 1, true)]
    [InlineData(1_499, 0, 1, true)]
    [InlineData(1_500, 0, 1, false)] // 85 of 100 calls are reserved for the schedule.
    [InlineData(5_000, 0, 16, true)]
    [InlineData(0, 400, 1, false)] // The schedule needs more than its share.
    [InlineData(9_999, 0, 30, true, 1)]
    [InlineData(10_000, 0, 30, false, 1)]
    public void The_schedule_keeps_what_it_needs_until_the_month_ends(
        long spent, long ofLastDay, int day, bool expected, double share = 0.15) =>
        Assert.Equal(
            expected,
            BackfillBudget.IsSpare(10_000, spent, ofLastDay, share, new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero)));

    private static string Cut(IHistorySource source, double from, double to) => string.Join(
        ", ",
        source.Cut(Now.AddDays(from), Now.AddDays(to), Now).Select(window =>
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{(window.From - Now).TotalDays:0.###}..{(window.To - Now).TotalDays:0.###}")));
}
