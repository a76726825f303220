namespace Kasparro.Ingestion.Runs;

/// <summary>The tokens that end an ingestion before its sources do: it is asked to stop, or it loses the run lock.</summary>
internal sealed class IngestionCancellation : IDisposable
{
    /// <summary>How long recording the end of a run may take, in addition to the grace time of the current page.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(0.75);

    private readonly CancellationTokenSource _reading;
    private readonly CancellationTokenSource _loading;
    private readonly CancellationTokenSource _abandon;
    private readonly CancellationTokenSource _closing;
    private readonly CancellationTokenRegistration _registration;

    /// <param name="stopping">Cancelled when the ingestion is asked to stop.</param>
    /// <param name="lockLost">Cancelled when the run lock is lost.</param>
    /// <param name="grace">How long the current page may take after a request to stop.</param>
    /// <param name="time">Measures the grace time.</param>
    public IngestionCancellation(CancellationToken stopping, CancellationToken lockLost, TimeSpan grace, TimeProvider time)
    {
        Stopping = stopping;
        LockLost = lockLost;
        _abandon = new(Timeout.InfiniteTimeSpan, time);
        _closing = new(Timeout.InfiniteTimeSpan, time);
        _reading = CancellationTokenSource.CreateLinkedTokenSource(stopping, lockLost);
        _loading = CancellationTokenSource.CreateLinkedTokenSource(lockLost, _abandon.Token);
        _registration = stopping.Register(() =>
        {
            _abandon.CancelAfter(grace);
            _closing.CancelAfter(grace + ClosingTime);
        });
    }

    /// <summary>Cancelled when the ingestion is asked to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Cancelled when the run lock is lost.</summary>
    public CancellationToken LockLost { get; }

    /// <summary>Whether the ingestion is ending for either reason, so that no further step may begin.</summary>
    public bool IsEnding => _reading.IsCancellationRequested;

    /// <summary>Ends the reading of a source immediately, for either reason.</summary>
    public CancellationToken Reading => _reading.Token;

    /// <summary>Ends the loading of a page when the lock is lost, or when the grace time after a request to stop has passed.</summary>
    public CancellationToken Loading => _loading.Token;

    /// <summary>
    /// Ends the waiting for the current page even if the database does not respond: the process ends, and the transaction with it.
    /// </summary>
    public CancellationToken Abandon => _abandon.Token;

    /// <summary>Ends the waiting for the end of a run to be recorded.</summary>
    public CancellationToken Closing => _closing.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _reading.Dispose();
        _loading.Dispose();
        _abandon.Dispose();
        _closing.Dispose();
    }
}
