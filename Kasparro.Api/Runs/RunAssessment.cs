using System.ComponentModel;

namespace Kasparro.Api.Runs;

[Description("How a run compares with the runs of its source before it.")]
internal sealed record RunAssessment(
    [property: Description(
        "usual, odd, too_few_runs when fewer than 8 earlier runs can be compared, "
            + "or not_comparable when the run did not read the whole source.")]
    string Verdict,
    [property: Description("How many earlier runs it was compared with, at most 50.")] int History,
    [property: Description("The measures that are odd.")] IReadOnlyList<RunAnomaly> Anomalies);

[Description("A measure of a run that is far from the source's earlier runs.")]
internal sealed record RunAnomaly(
    [property: Description(
        "quoted_records, rejected_share, price_share, market_cap_share, volume_share (records that have the field, 0 to 1), " +
        "price_level_usd (geometric mean) or duration_ms.")]
    string Measure,
    [property: Description("The run's value.")] double Found,
    [property: Description("The median of the earlier runs.")] double Expected,
    [property: Description("The lowest usual value.")] double ExpectedFrom,
    [property: Description("The highest usual value.")] double ExpectedTo,
    [property: Description("How many robust standard deviations lie between found and expected; beyond 5, either way, is odd.")]
    double Score);

/// <summary>The verdicts of a review.</summary>
internal static class RunVerdict
{
    public const string Usual = "usual";
    public const string Odd = "odd";
    public const string TooFewRuns = "too_few_runs";
    public const string NotComparable = "not_comparable";
}
