namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Wakes the worker. A wake-up that arrives while the worker is busy is kept until it waits. It carries no data: what to do is read from
/// where it is stored.
/// </summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);

    /// <summary>Wakes the worker.</summary>
    public void Set()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release(); // Two simultaneous calls may both get here; the worker then checks twice.
        }
    }

    /// <summary>Waits for the next wake-up, or takes the one that is kept.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    public void Dispose() => _signal.Dispose();
}
