namespace Kasparro.Ingestion.Runs;

/// <summary>What a worker does while no source is due.</summary>
internal interface ISpareTimeWork
{
    /// <summary>Works until there is nothing left, or a source is nearly due.</summary>
    /// <param name="look">Tells how long it is until a source is due; zero where one is.</param>
    /// <param name="stopping">Ends the work after the part at hand.</param>
    /// <returns>How long it is until the next look is worth it.</returns>
    Task<TimeSpan> WorkAsync(Func<CancellationToken, Task<TimeSpan>> look, CancellationToken stopping);
}
