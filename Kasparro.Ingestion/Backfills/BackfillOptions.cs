using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Backfills;

/// <summary>The section <c>Backfill</c>: which past prices are read without being asked for.</summary>
internal sealed class BackfillOptions
{
    public const string Section = "Backfill";

    /// <summary>
    /// How many assets, by rank, get a past: all of <see cref="Days"/> after the first ingestion, and what gaps have lost; 0 for none. With
    /// the free plans 100 assets are 200 calls, in the time that the schedule leaves.
    /// </summary>
    [Range(0, 100_000)]
    public int TopAssets { get; set; } = 100;

    /// <summary>How long a past they get, in days; the plan may end it earlier (<c>Sources:…:HistoryReach</c>).</summary>
    [Range(1, 36_500)]
    public int Days { get; set; } = 365;

    /// <summary>
    /// Whether gaps are filled: times in which no run of a source read prices, for longer than two of its intervals.
    /// </summary>
    public bool Gaps { get; set; } = true;

    /// <summary>
    /// The share of a month's calls (<c>MonthlyCallBudget</c>) that backfills may take; the rest is kept for the schedule, by the day.
    /// </summary>
    [Range(0, 1)]
    public double BudgetShare { get; set; } = 0.15;
}
