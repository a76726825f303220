using Kasparro.Data.Runs;
using Kasparro.Ingestion.Runs;

namespace Kasparro.Tests.Unit.Ingestion;

public sealed class SourceScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly IngestionOptions Options = new();

    [Fact]
    public void A_completed_source_is_due_an_interval_after_its_start_however_long_it_took() =>
        Assert.Equal(Start.AddMinutes(10), SourceSchedule.NextStart(Run(RunStatus.Completed, failures: 0, Start.AddMinutes(4)), Options));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(4, 8)]
    [InlineData(5, 16)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(8, 60)]
    [InlineData(100_000, 60)]
    public void A_failed_source_waits_twice_as_long_with_each_failure_up_to_the_cap_with_jitter(int failures, int minutes)
    {
        var waits = Enumerable.Range(0, 100)
            .Select(_ => SourceSchedule.NextStart(Run(RunStatus.Failed, failures, Start), Options) - Start).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromMinutes(minutes * 0.8), TimeSpan.FromMinutes(minutes)));
        Assert.True(waits.Distinct().Count() > 10);
    }

    [Fact]
    public void A_run_names_the_same_time_whenever_it_is_looked_at()
    {
        var run = Run(RunStatus.Failed, failures: 4, Start);
        Assert.Equal(SourceSchedule.NextStart(run, Options), SourceSchedule.NextStart(run, Options));
    }

    [Fact]
    public void A_retry_interval_above_the_cap_is_obeyed() =>
        Assert.InRange(
            SourceSchedule.NextStart(Run(RunStatus.Failed, failures: 3, Start), new() { RetryInterval = TimeSpan.FromHours(2) }) - Start,
            TimeSpan.FromHours(1.6),
            TimeSpan.FromHours(2));

    private static LastRun Run(string status, int failures, DateTimeOffset finishedAt) =>
        new(status, Guid.NewGuid(), Start, finishedAt, failures);
}
