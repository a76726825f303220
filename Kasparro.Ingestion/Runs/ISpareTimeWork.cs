namespace Kasparro.Ingestion.Runs;

/// <summary>Work that a worker does while no source is due.</summary>
internal interface ISpareTimeWork
{
    /// <summary>Works until nothing is left to do or a source is nearly due.</summary>
    /// <param name="look">Returns the time until a source is due; zero if one is due now.</param>
    /// <param name="stopping">Ends the work after the current part.</param>
    /// <returns>How long to wait before checking again.</returns>
    Task<TimeSpan> WorkAsync(Func<CancellationToken, Task<TimeSpan>> look, CancellationToken stopping);
}
