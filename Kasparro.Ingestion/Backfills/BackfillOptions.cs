using System.ComponentModel.DataAnnotations;

namespace Kasparro.Ingestion.Backfills;

/// <summary>The section <c>Backfill</c>: which past prices are read automatically.</summary>
internal sealed class BackfillOptions
{
    public const string Section = "Backfill";

    /// <summary>
    /// How many of the top-ranked assets are backfilled automatically: the last <see cref="Days"/> days once the first ingestion is
    /// complete, and later gaps; 0 for none. With the free plans, 100 assets take 200 calls, made in the time that the schedule leaves.
    /// </summary>
    [Range(0, 100_000)]
    public int TopAssets { get; set; } = 100;

    /// <summary>How many days of past prices they get; the plan may provide fewer (<c>Sources:…:HistoryReach</c>).</summary>
    [Range(1, 36_500)]
    public int Days { get; set; } = 365;

    /// <summary>Whether gaps are filled: periods longer than two intervals of a source in which none of its runs read prices.</summary>
    public bool Gaps { get; set; } = true;

    /// <summary>
    /// The share of a month's calls (<c>MonthlyCallBudget</c>) that backfills may use; the rest is reserved for the schedule, day by day.
    /// </summary>
    [Range(0, 1)]
    public double BudgetShare { get; set; } = 0.15;
}
