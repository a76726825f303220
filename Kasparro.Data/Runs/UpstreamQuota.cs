namespace Kasparro.Data.Runs;

/// <summary>The calls that an upstream was sent in a month (UTC), retries included, as its vendor counts them.</summary>
public sealed class UpstreamQuota
{
    /// <summary>The source that the upstream belongs to.</summary>
    public required string Source { get; init; }

    /// <summary>The first day of the month.</summary>
    public DateOnly Month { get; init; }

    /// <summary>The calls that were sent.</summary>
    public int Calls { get; set; }

    /// <summary>The calls that the worker may send, by its settings at its last call.</summary>
    public int CallLimit { get; set; }
}
