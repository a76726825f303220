namespace Kasparro.Data.Runs;

/// <summary>The number of calls that an upstream was sent in a month (UTC), including retries, as its vendor counts them.</summary>
public sealed class UpstreamQuota
{
    /// <summary>The source that the upstream belongs to.</summary>
    public required string Source { get; init; }

    /// <summary>The first day of the month.</summary>
    public DateOnly Month { get; init; }

    /// <summary>The number of calls that were sent.</summary>
    public int Calls { get; set; }

    /// <summary>The number of calls that the worker may send, according to its settings at its last call.</summary>
    public int CallLimit { get; set; }
}
