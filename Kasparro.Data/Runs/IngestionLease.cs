namespace Kasparro.Data.Runs;

/// <summary>
/// The right to write: one row. Taking the lease draws the next fencing token, and every page's transaction locks this row and checks that
/// its token is still the newest. A worker that has lost its Redis lock without noticing cannot commit.
/// </summary>
public sealed class IngestionLease
{
    /// <summary>Always 1.</summary>
    public short Id { get; init; }

    /// <summary>The newest fencing token; 0 before the first ingestion.</summary>
    public long Token { get; set; }

    /// <summary>The machine and process that drew the token.</summary>
    public string? Holder { get; set; }

    /// <summary>The time at which it was drawn.</summary>
    public DateTimeOffset? AcquiredAt { get; set; }
}
