using Kasparro.Api.Runs;
using Kasparro.Data.Runs;

namespace Kasparro.Tests.Unit.Api;

public sealed class RunReviewTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_thirty_runs_the_three_odd_ones_are_found_and_no_other()
    {
        var runs = Simulate(30);
        Change(runs[12],
            run => (run.Quoted, run.Priced, run.WithMarketCap, run.WithVolume) = (run.Quoted / 2, run.Priced / 2, run.WithMarketCap / 2,
                run.WithVolume / 2));
        Change(runs[19], run => run.LogPriceSum += 3 * run.PositivePrices);
        Change(runs[25], run => run.WithVolume = 0);

        var assessments = runs.Select((run, index) => RunReview.Assess(run, Earlier(runs, index))).ToList();

        Assert.Equal([12, 19, 25], Enumerable.Range(0, 30).Where(index => assessments[index].Verdict == RunVerdict.Odd));
        Assert.Equal(["quoted_records"], assessments[12].Anomalies.Select(anomaly => anomaly.Measure));
        var level = Assert.Single(assessments[19].Anomalies);
        Assert.Equal("price_level_usd", level.Measure);
        Assert.InRange(level.Found / level.Expected, 900, 1100);
        Assert.InRange(level.Expected, level.ExpectedFrom, level.ExpectedTo);
        var volume = Assert.Single(assessments[25].Anomalies);
        Assert.Equal(("volume_share", 0.0), (volume.Measure, volume.Found));
        Assert.InRange(volume.Expected, 0.97, 1);
    }

    [Fact]
    public void Seven_earlier_runs_are_too_few_and_eight_are_not()
    {
        var runs = Simulate(9);

        Assert.Equal(new(RunVerdict.TooFewRuns, 7, []), RunReview.Assess(runs[7], Earlier(runs, 7)), SameAssessment);
        Assert.Equal(new(RunVerdict.Usual, 8, []), RunReview.Assess(runs[8], Earlier(runs, 8)), SameAssessment);
    }

    [Theory]
    [InlineData(RunStatus.Failed, 0)]
    [InlineData(RunStatus.Running, 0)]
    [InlineData(RunStatus.Completed, 3)]
    [InlineData(RunStatus.Completed, null)]
    public void A_run_that_did_not_read_the_whole_source_is_not_compared(string status, int? fromPage)
    {
        var runs = Simulate(10);
        (runs[9].Status, runs[9].FromPage) = (status, fromPage);

        Assert.Equal(RunVerdict.NotComparable, RunReview.Assess(runs[9], Earlier(runs, 9)).Verdict);
    }

    private static bool SameAssessment(RunAssessment expected, RunAssessment found) =>
        (expected.Verdict, expected.History, expected.Anomalies.Count) == (found.Verdict, found.History, found.Anomalies.Count);

    private static IEnumerable<IngestionRun> Earlier(List<IngestionRun> runs, int index) => runs.Take(index).Reverse();

    private static void Change(IngestionRun run, Action<IngestionRun> change) => change(run);

    /// <summary>Simulates runs of a growing source with drifting prices, some records that lack a field, and some rejected ones.</summary>
    private static List<IngestionRun> Simulate(int count)
    {
        var random = new Random(20261120);
        var level = -1.5;
        return
        [
            .. Enumerable.Range(0, count).Select(number =>
            {
                level += (random.NextDouble() - 0.5) * 0.01;
                var records = 17_000 + (number * 3) + random.Next(20);
                var priced = records - random.Next(100, 150);
                var started = Start.AddMinutes(10 * number);
                return new IngestionRun
                {
                    RunId = Guid.CreateVersion7(started),
                    Source = SourceNames.CoinGecko,
                    Trigger = "schedule",
                    Upstreams = "live",
                    Status = RunStatus.Completed,
                    StartedAt = started,
                    FinishedAt = started.AddSeconds(30 + (20 * random.NextDouble())),
                    RecordsRead = records + 5,
                    Rejected = random.Next(5),
                    Quoted = records,
                    Priced = priced,
                    WithMarketCap = records - random.Next(300, 400),
                    WithVolume = records - random.Next(200, 250),
                    PositivePrices = priced,
                    LogPriceSum = level * priced,
                    FromPage = 0,
                    ToPage = 69,
                };
            }),
        ];
    }
}
