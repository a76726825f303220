namespace Kasparro.Ingestion.Runs;

/// <summary>How an ingestion ends before its sources do: it is asked to stop, or it loses the run lock.</summary>
internal sealed class IngestionCancellation : IDisposable
{
    /// <summary>How long the end of a run may take to be written, after the time that a page at hand is given.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(0.75);

    private readonly CancellationTokenSource _reading;
    private readonly CancellationTokenSource _loading;
    private readonly CancellationTokenSource _abandon;
    private readonly CancellationTokenSource _closing;
    private readonly CancellationTokenRegistration _registration;

    /// <param name="stopping">Asks the ingestion to stop.</param>
    /// <param name="lockLost">Tells that the run lock is lost.</param>
    /// <param name="grace">How long a page at hand may take after a request to stop.</param>
    /// <param name="time">Measures it.</param>
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

    /// <summary>Asks the ingestion to stop.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Tells that the run lock is lost.</summary>
    public CancellationToken LockLost { get; }

    /// <summary>Whether the ingestion ends for either reason, so that no further step of it may begin.</summary>
    public bool IsEnding => _reading.IsCancellationRequested;

    /// <summary>Ends the reading of a source: at once, for either reason.</summary>
    public CancellationToken Reading => _reading.Token;

    /// <summary>
    /// Ends the loading of a page: when the lock is lost, or when a page at hand has had its time after a request to stop.
    /// </summary>
    public CancellationToken Loading => _loading.Token;

    /// <summary>
    /// Ends the waiting for a page at hand, even where the database does not react: the process ends, and the transaction with it.
    /// </summary>
    public CancellationToken Abandon => _abandon.Token;

    /// <summary>Ends the waiting for the end of a run to be written.</summary>
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
