namespace Kasparro.Ingestion.Runs;

/// <summary>
/// Wakes the worker. A wake-up that comes while the worker is at work is kept until it waits. It carries nothing: what there is to do is
/// read from where it is stored.
/// </summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);

    /// <summary>Wakes the worker.</summary>
    public void Set()
    {
        if (_signal.CurrentCount == 0)
        {
            _signal.Release(); // Two at the same moment may both get here: the worker then looks twice.
        }
    }

    /// <summary>Waits for the next wake-up, or takes the one that is kept.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _signal.WaitAsync(cancellationToken);

    public void Dispose() => _signal.Dispose();
}
