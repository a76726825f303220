namespace Kasparro.Data.Runs;

/// <summary>
/// Who may write: one row. Taking the lease draws the next fencing token, and every page's transaction proves, holding this row, that its
/// token is still the newest. A worker whose Redis lock was lost without its knowing cannot commit.
/// </summary>
public sealed class IngestionLease
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; }

    /// <summary>The newest fencing token; 0 before the first ingestion.</summary>
    public long Token { get; set; }

    /// <summary>Machine and process that drew it.</summary>
    public string? Holder { get; set; }

    /// <summary>When it was drawn.</summary>
    public DateTimeOffset? AcquiredAt { get; set; }
}
